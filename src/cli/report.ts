import { writeFile } from 'node:fs/promises'
import { patiently, type BossRef, type Client, type Instruction, type Patience, type ReportEntry } from '../client/client.js'
import { bossOf, clientOf } from './connect.js'
import { instructionOf, secondsText } from './look.js'
import { outcomes } from './options.js'
import { plain, remark, say, tableOf, write } from './output.js'
import { patient } from './patience.js'
import { idsOf, matching, selectionOf } from './select.js'
import { BadUsage, type Asked } from './verb.js'

/** Rows of a table whose columns fit together; memory stays bounded. */
const pageRows = 1000

/** `taylord report BOSS`: what has ended, in the order in which it did. */
export async function report(asked: Asked): Promise<number> {
  const [named = ''] = asked.exactly('a BOSS')
  const status = asked.text('status')
  if (status !== undefined && !outcomes.includes(status))
    throw new BadUsage(`--status of a report is ${outcomes.join(', ')}; it is "${status}"`)
  const client = await clientOf(asked)
  const boss = await bossOf(client, named)
  const file = asked.text('html')
  if (file !== undefined) return saveHtml(asked, client, boss, file)
  const heading = ['ID', 'NAME', 'OUTCOME', 'CAUSE', 'EXIT', 'ATTEMPT', 'WALL', 'CPU', 'MAX RSS']
  const rows: (string | number)[][] = []
  const flush = () => say(tableOf([heading, ...rows.splice(0)], [0, 4, 5, 6, 7, 8]))
  for await (const line of client.reportLines(boss)) {
    const entry = JSON.parse(line) as ReportEntry
    if (status !== undefined && entry.outcome !== status) continue
    if (asked.flag('json')) await say(`${line}\n`)
    else if (asked.flag('quiet')) await say(`${entry.instruction}\n`)
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

/** `taylord logs BOSS ID`: what an instruction wrote; with `--status` each of those, one after the other. */
export async function logs(asked: Asked): Promise<number> {
  const [named, text, ...more] = asked.operands
  const status = asked.text('status') as Instruction['status'] | undefined
  if (named === undefined || (text === undefined) === (status === undefined) || more.length > 0)
    throw new BadUsage(`logs takes a BOSS and either an ID or a --status; ${asked.help}`)
  if (status !== undefined && asked.flag('follow')) throw new BadUsage('--follow is for one instruction; give its ID in place of --status')
  const client = await clientOf(asked)
  const boss = await bossOf(client, named)
  if (text !== undefined) await sayOutput(asked, client, boss, await onlyOne(client, boss, text))
  else
    for await (const { id, name } of matching(client, boss, { status })) {
      remark(`==> ${id} ${plain(name)} <==`)
      await sayOutput(asked, client, boss, id)
    }
  return 0
}

/** @throws {BadUsage} when it is not one. */
async function onlyOne(client: Client, boss: BossRef, text: string): Promise<number> {
  const ids = []
  for await (const id of idsOf(client, boss, selectionOf([text]))) ids.push(id)
  const [id, ...more] = ids
  if (id === undefined || more.length > 0)
    throw new BadUsage(`logs takes one instruction; ${text} are ${ids.length}: ${ids.slice(0, 10).join(', ')}`)
  return id
}

async function sayOutput(asked: Asked, client: Client, boss: BossRef, id: number): Promise<void> {
  const [onlyOut, onlyErr] = [asked.flag('stdout'), asked.flag('stderr')]
  const copyOf = asked.flag('follow') ? copyOn : copy
  await patient(async (patience) => {
    const say = (stream: StreamName, to: NodeJS.WriteStream) => copyOf({ asked, client, boss, id, stream, to, patience })
    // what is asked for alone is the data
    if (onlyOut !== onlyErr) await say(onlyOut ? 'stdout' : 'stderr', process.stdout)
    else await Promise.all([say('stdout', process.stdout), say('stderr', process.stderr)])
  })
}

type StreamName = 'stdout' | 'stderr'

/** What is written where. */
interface Copying {
  readonly asked: Asked
  readonly client: Client
  readonly boss: BossRef
  readonly id: number
  readonly stream: StreamName
  readonly to: NodeJS.WriteStream
  readonly patience: Patience
}

const attemptOf = (asked: Asked) => asked.number('attempt', { least: 1, whole: true })

/** What an attempt wrote to a stream by now, or until it ends. @param written tells the bytes that are taken, and gives those to write. */
async function copy(
  { asked, client, boss, id, stream, to, patience }: Copying,
  attempt = attemptOf(asked),
  written = (chunk: Uint8Array): Uint8Array => chunk,
): Promise<void> {
  const query = { stream, follow: asked.flag('follow'), ...(attempt !== undefined && { attempt }) }
  const params = { path: { boss: String(boss), id }, query }
  const ask = () => client.api.GET('/v1/bosses/{boss}/instructions/{id}/output', { params, parseAs: 'stream' })
  const { data, response } = await (query.follow ? patiently(ask, patience) : ask())
  for await (const chunk of (data ?? []) as AsyncIterable<Uint8Array>) await write(to, written(chunk))
  const cut = response.headers.get('taylord-cut')
  if (cut) remark(`taylord: not all of ${stream} was kept (${cut})`)
}

/** The same, also when the connection breaks; an attempt that was lost with its daemon is followed by the next one. */
async function copyOn(copying: Copying): Promise<void> {
  const { asked, client, boss, id, patience } = copying
  const look = async () => attemptOf(asked) ?? goingOn(await patiently(() => instructionOf(client, boss, id), patience))
  let attempt = await look()
  for (let done = 0; ; ) {
    let passed = 0
    try {
      return await copy(copying, attempt, (chunk) => {
        const known = Math.min(chunk.length, done - passed)
        passed += chunk.length
        done = Math.max(done, passed)
        return chunk.subarray(Math.max(0, known))
      })
    } catch (error) {
      // what fetch says of an answer that breaks off
      if (!(error instanceof TypeError)) throw error
    }
    const next = await look()
    if (next !== attempt) done = 0
    attempt = next
  }
}

/** The attempt that runs, or will; that of one that has ended the last. */
function goingOn({ status, attempts }: Instruction): number {
  const last = attempts.at(-1)
  return (last?.attempt ?? 0) + (status === 'pending' || !last ? 1 : 0)
}
