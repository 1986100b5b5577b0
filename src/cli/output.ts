import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

/** Writes to stdout at the pace of the reader. @throws Error with code EPIPE when there is none any more. */
export const say = (text: string): Promise<void> => write(process.stdout, text)

/** A JSON document on a line of its own. */
export const sayJson = (document: unknown): Promise<void> => say(`${JSON.stringify(document)}\n`)

/** Tells a person something, on stderr. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** The same on a line of its own, in place of a bar. */
export const aside = (text: string): void => remark(`${process.stderr.isTTY ? '\r\x1b[K' : ''}taylord: ${text}`)

/** As in `1 instruction`. */
export const instructionsText = (n: number): string => `${n} ${n === 1 ? 'instruction' : 'instructions'}`

/** Writes at the pace of the reader. @throws Error with code EPIPE when there is none any more. */
export function write(out: Writable, text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => out.write(text, (error) => (error ? reject(error) : resolve())))
}

const colours: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  finished: 'green',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
  stopped: 'yellow',
  halted: 'yellow',
  working: 'cyan',
  ending: 'cyan',
}

/** A status or an outcome in its colour, where stdout is a terminal that wants colours. */
export const coloured = (status: string): string => {
  const colour = colours[status]
  return colour === undefined ? status : styleText(colour, status, { stream: process.stdout })
}

/** Texts of others in one line: what could move a terminal's cursor is shown as what it is. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, escaped)

function escaped(char: string): string {
  const json = JSON.stringify(char).slice(1, -1)
  return json === char ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : json
}

/**
 * Rows in columns, each as wide as its widest cell; the first one is the heading.
 * @param numbers columns that are set to the right.
 */
export function tableOf(rows: readonly (readonly (string | number)[])[], numbers: readonly number[] = []): string {
  const cells = rows.map((row) => row.map((cell) => plain(String(cell))))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) => {
    const set = row.map((cell, column) => {
      const width = widths[column] ?? 0
      const padding = ' '.repeat(width - cell.length)
      return numbers.includes(column) ? padding + cell : coloured(cell) + padding
    })
    return `${set.join('  ').trimEnd()}\n`
  })
  return lines.join('')
}
