import { dirname } from 'node:path'

/** What stands for a part of an input, as in GNU parallel. */
const tokens = /\{(?:\.|\/|\/\/|\/\.|#)?\}/g

/**
 * Puts an input into a text: `{}` all of it, `{.}` without its extension, `{/}` without its directory, `{//}` its directory, `{/.}` without
 * both, `{#}` its number.
 * @param number from 1.
 */
export function fill(text: string, input: string, number: number): string {
  return text.replaceAll(tokens, (token) => {
    switch (token) {
      case '{.}':
        return withoutExtension(input)
      case '{/}':
        return baseOf(input)
      case '{//}':
        return dirname(input)
      case '{/.}':
        return withoutExtension(baseOf(input))
      case '{#}':
        return String(number)
      default:
        return input
    }
  })
}

const withoutExtension = (path: string) => path.replace(/\.[^/.]+$/, '')
const baseOf = (path: string) => path.replace(/^.*\//s, '')
