import { writeFile } from 'node:fs/promises'
import type { BossRef, Client, ReportEntry } from '../client/client.js'
import { bossOf, clientOf } from './connect.js'
import { secondsText } from './look.js'
import { remark, say, tableOf, write } from './output.js'
import { idsOf, selectionOf } from './select.js'
import { BadUsage, type Asked } from './verb.js'

/** Rows of a table whose columns fit together; memory stays bounded. */
const pageRows = 1000

/** `taylord report BOSS`: what has ended, in the order in which it did. */
export async function report(asked: Asked): Promise<number> {
  const [named = ''] = asked.exactly('a BOSS')
  const client = await clientOf(asked)
  const boss = await bossOf(client, named)
  const file = asked.text('html')
  if (file !== undefined) return saveHtml(asked, client, boss, file)
  const heading = ['ID', 'NAME', 'OUTCOME', 'CAUSE', 'EXIT', 'ATTEMPT', 'WALL', 'CPU', 'MAX RSS']
  const rows: (string | number)[][] = []
  const flush = () => say(tableOf([heading, ...rows.splice(0)], [0, 4, 5, 6, 7, 8]))
  for await (const line of client.reportLines(boss)) {
    if (asked.flag('json')) {
      await say(`${line}\n`)
      continue
    }
    const entry = JSON.parse(line) as ReportEntry
    if (asked.flag('quiet')) await say(`${entry.instruction}\n`)
    else {
      rows.push(rowOf(entry))
      if (rows.length === pageRows) await flush()
    }
  }
  if (rows.length > 0) await flush()
  return 0
}

/** @param file `-` for stdout. */
async function saveHtml(asked: Asked, client: Client, boss: BossRef, file: string): Promise<number> {
  for (const other of ['json', 'quiet']) if (asked.flag(other)) throw new BadUsage(`--html and --${other} are two forms of it; take one`)
  const { htmlReport } = await import('./html-report.js')
  const text = await htmlReport(client, await client.boss(boss))
  if (file === '-') await say(text)
  else
    await writeFile(file, text).catch((error: Error) => {
      throw new BadUsage(`${file} cannot be written: ${error.message}`)
    })
  return 0
}

function rowOf({ instruction, name, outcome, cause, exit_code: code, signal, attempt, usage }: ReportEntry): (string | number)[] {
  const { wall, cpu, max_rss: rss } = usage
  return [
    ...[instruction, name, outcome, cause ?? '-', signal ?? code ?? '-', attempt, secondsText(wall)],
    ...[cpu === null ? '-' : secondsText(cpu), rss === null ? '-' : `${rss.toFixed(0)} MiB`],
  ]
}

/** `taylord logs BOSS ID`: what an instruction wrote. */
export async function logs(asked: Asked): Promise<number> {
  const [named = '', text = ''] = asked.exactly('a BOSS', 'an ID')
  const client = await clientOf(asked)
  const boss = await bossOf(client, named)
  const ids = []
  for await (const id of idsOf(client, boss, selectionOf([text]))) ids.push(id)
  const [id, ...more] = ids
  if (id === undefined || more.length > 0)
    throw new BadUsage(`logs takes one instruction; ${text} are ${ids.length}: ${ids.slice(0, 10).join(', ')}`)
  const [onlyOut, onlyErr] = [asked.flag('stdout'), asked.flag('stderr')]
  // what is asked for alone is the data
  if (onlyOut !== onlyErr) await copy(asked, client, boss, id, onlyOut ? 'stdout' : 'stderr', process.stdout)
  else await Promise.all([copy(asked, client, boss, id, 'stdout', process.stdout), copy(asked, client, boss, id, 'stderr', process.stderr)])
  return 0
}

async function copy(
  asked: Asked,
  client: Client,
  boss: BossRef,
  id: number,
  stream: 'stdout' | 'stderr',
  to: NodeJS.WriteStream,
): Promise<void> {
  const attempt = asked.number('attempt', { least: 1, whole: true })
  const query = { stream, follow: asked.flag('follow'), ...(attempt !== undefined && { attempt }) }
  const path = { boss: String(boss), id }
  const { data, response } = await client.api.GET('/v1/bosses/{boss}/instructions/{id}/output', {
    params: { path, query },
    parseAs: 'stream',
  })
  for await (const chunk of (data ?? []) as AsyncIterable<Uint8Array>) await write(to, chunk)
  const cut = response.headers.get('taylord-cut')
  if (cut) remark(`taylord: not all of ${stream} was kept (${cut})`)
}
