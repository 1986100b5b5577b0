/** A piece of HTML. What is put into it by `html` is escaped, unless it is a piece itself. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = Html | string | number | readonly Html[]

/** Makes a piece: html`<td>${name}</td>`. */
export function html(literal: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(String.raw({ raw: literal }, ...parts.map(textOf)))
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(({ text }) => text).join('')
  return String(part).replaceAll(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
