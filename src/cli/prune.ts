import { parseArgs } from 'node:util'
import { bodyOf, Client, Refused, Unreachable, type components } from '../client/client.js'
import { BadUsage } from './arguments.js'

/** Text of `taylord prune --help`. */
export const pruneHelp = `taylord prune: remove Bosses that are over from a running daemon

Usage:
  taylord prune [--older-than TIME] [--keep N] [--max-mib MIB] [--dry-run] [--json] [--server URL]

  --older-than TIME  those go that were over before: 90s, 15m, 12h, 30d, or seconds
  --keep N           so many of the newest stay
  --max-mib MIB      of database and outputs: the oldest go until it is no more
  --dry-run          say what would go, remove nothing
  --json             print the answer of POST /v1/prune as JSON
  --server URL       the daemon (http://127.0.0.1:8080)

One limit is enough to go. Without any, what is beyond the limits of the daemon goes (--keep-days, --keep-bosses, --keep-mib of serve),
as it does every minute by itself. An unfinished Boss never goes.
It ends with 0 when it is done, 2 when it was called wrongly, 4 when the daemon cannot be reached.`

const options = {
  'older-than': { type: 'string' },
  keep: { type: 'string' },
  'max-mib': { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  server: { type: 'string', default: 'http://127.0.0.1:8080' },
} as const
const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** `taylord prune`. @returns the exit code. */
export async function prune(args: readonly string[]): Promise<number> {
  try {
    const { server, json, ...asked } = parsed(args)
    const pruned = await bodyOf(new Client(server).api.POST('/v1/prune', { body: asked }))
    process.stdout.write(json ? `${JSON.stringify(pruned)}\n` : textOf(pruned))
    return 0
  } catch (error) {
    if (!(error instanceof BadUsage || error instanceof Refused || error instanceof Unreachable)) throw error
    process.stderr.write(`taylord: ${error.message}\n`)
    return error instanceof BadUsage ? 2 : 4
  }
}

function textOf({ dry_run: dryRun, bosses, bytes, items }: components['schemas']['Pruned']): string {
  const lines = items.map(({ id, name, status, over_at: overAt, bytes: size }) => `${id} ${name ?? '-'} ${status} ${overAt} ${mib(size)}\n`)
  const more = bosses > items.length ? `… and ${bosses - items.length} more\n` : ''
  return `${lines.join('')}${more}${dryRun ? 'would remove' : 'removed'} ${bosses} Bosses, about ${mib(bytes)}\n`
}

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`

function parsed(args: readonly string[]) {
  let values
  try {
    values = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new BadUsage(`${(error as Error).message.split(/\.\s/)[0]}; taylord prune --help lists its options`)
  }
  const { 'older-than': time, keep, 'max-mib': maxMib, 'dry-run': dryRun = false, json = false, server } = values
  if (!/^https?:$/.test(URL.parse(server)?.protocol ?? ''))
    throw new BadUsage(`--server takes a URL such as http://127.0.0.1:8080; it is "${server}"`)
  return {
    server,
    json,
    dry_run: dryRun,
    ...(time !== undefined && { older_than: timeOf(time) }),
    ...(keep !== undefined && { keep: wholeNumber('--keep', keep) }),
    ...(maxMib !== undefined && { max_bytes: wholeNumber('--max-mib', maxMib) * 2 ** 20 }),
  }
}

function timeOf(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? []
  if (number === undefined) throw new BadUsage(`--older-than takes a time such as 90s, 15m, 12h or 30d; it is "${text}"`)
  return Number(number) * seconds[unit as keyof typeof seconds]
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new BadUsage(`${flag} takes a whole number; it is "${text}"`)
  return Number(text)
}
