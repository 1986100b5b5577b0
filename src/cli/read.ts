import { parseArgs } from 'node:util'
import { closest } from './closest.js'
import { Asked, BadUsage, type Options, type Verb } from './verb.js'

/** Every verb takes it. */
export const helpOption: Options = { help: { short: 'h', help: 'this text' } }

/**
 * Reads a command line by the options of its verb.
 * @param args what follows the verb.
 * @throws {BadUsage} for an option that there is not, one without its value, a switch with one.
 */
export function read(name: string, verb: Verb, args: readonly string[]): Asked {
  const known: Options = { ...verb.options, ...helpOption }
  const config = Object.fromEntries(
    Object.entries(known).map(([option, { value, short }]) => [
      option,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short !== undefined && { short }) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true })
  const values = new Map<string, string | true | string[]>()
  const attributes: Record<string, string> = {}
  const operands: string[] = []
  const rest: string[] = []
  const help = `taylord ${name} --help lists its options`
  /** Takes the next operand, or all up to the next option. */
  let open: { readonly list: string[] } | { readonly attribute: string } | undefined
  let isOver = false
  const close = () => {
    if (open && 'attribute' in open) throw new BadUsage(`--${open.attribute} needs a value; ${help}`)
    open = undefined
  }
  for (const token of tokens) {
    if (token.kind === 'option-terminator') {
      close()
      isOver = true
    } else if (token.kind === 'positional') {
      if (isOver) rest.push(token.value)
      else if (!open) operands.push(token.value)
      else if ('list' in open) open.list.push(token.value)
      else {
        attributes[open.attribute] = token.value
        open = undefined
      }
    } else {
      close()
      const { rawName, value, inlineValue = false } = token
      const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
      if (!option) {
        const long = rawName.startsWith('--') && verb.attributes
        if (!long) {
          const where = verb.attributes ? '; a command and its options stand behind --' : ''
          throw new BadUsage(`there is no option ${rawName}${closest(rawName, flagsOf(known))}${where}; ${help}`)
        }
        if (value === undefined) open = { attribute: token.name }
        else attributes[token.name] = value
      } else if (option.value === undefined) {
        if (inlineValue) throw new BadUsage(`${rawName} takes no value; ${help}`)
        values.set(token.name, true)
      } else {
        // else a forgotten value would swallow the next option; a number may be negative
        const isGiven = value !== undefined && (inlineValue || value === '-' || !/^-(?!\d)/.test(value))
        if (!isGiven) throw new BadUsage(`${rawName} needs a value, ${option.value}; ${help}`)
        const list = (option.many ?? option.repeated) && [...((values.get(token.name) as string[] | undefined) ?? []), value]
        values.set(token.name, list ?? value)
        if (list && option.many) open = { list }
      }
    }
  }
  close()
  return new Asked(name, values, operands, rest, attributes, Object.keys(known))
}

const flagsOf = (options: Options) => Object.keys(options).map((name) => `--${name}`)
