import type { Writable } from 'node:stream'
import type { components } from '../client/client.js'
import { write } from './output.js'

/** What a report says besides its entries. */
export type ReportHead = Pick<components['schemas']['Report'], 'boss' | 'status' | 'pending'>

/** A report entry, as far as it is printed. */
interface Entry {
  readonly name: string
  readonly outcome: string
  readonly report: unknown
  readonly cause?: string
  readonly error?: { readonly type: string; readonly message: string }
  readonly traceback?: string
  readonly exit_code?: number
  readonly signal?: string
}

/**
 * A report entry as taylorism's `batch_main` prints it, without a newline at its end: a header between lines of `=` and `-`, and what the
 * task returned. In place of that, what did not succeed says why.
 */
export function textOf(entry: Entry): string {
  const header = `WORKER NAME: ${entry.name}`
  return ['='.repeat(header.length), header, '-'.repeat(header.length), bodyOf(entry)].join('\n')
}

function bodyOf({ outcome, report, cause, error, traceback, exit_code: exitCode, signal }: Entry): string {
  const said = typeof report === 'string' ? report : JSON.stringify(report)
  if (outcome === 'succeeded') return said
  const how = [signal, exitCode === undefined ? undefined : `exit code ${exitCode}`].filter((part) => part !== undefined).join(', ')
  const why = `${outcome}: ${cause}${how && ` (${how})`}${error ? `: ${error.type}: ${error.message}` : ''}`
  return [why, ...(report === null ? [] : [said]), ...(traceback === undefined ? [] : [traceback])].join('\n')
}

/** Prints the entries of a report, one after the other. @param lines each the JSON of an entry. */
export async function printReports(out: Writable, lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) await write(out, `${textOf(JSON.parse(line) as Entry)}\n`)
}

/** Prints a whole report as one JSON document, an entry a line. */
export async function printDocument(out: Writable, head: ReportHead, lines: AsyncIterable<string>): Promise<void> {
  await write(out, `${JSON.stringify(head).slice(0, -1)},"workers_report":[`)
  let before = '\n'
  for await (const line of lines) {
    await write(out, before + line)
    before = ',\n'
  }
  await write(out, '\n]}\n')
}
