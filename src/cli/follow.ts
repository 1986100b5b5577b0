import { setTimeout as pause } from 'node:timers/promises'
import { bodyOf, type Boss, type BossRef, type Client, type Event, type Following } from '../client/client.js'
import { bossOf, clientOf, hasSucceeded, nameOf, totalOf } from './connect.js'
import { errorOf, secondsText } from './look.js'
import { coloured, plain, remark, say, sayJson } from './output.js'
import { patient, signalOf, tellAtInterrupt } from './patience.js'
import { Progress } from './progress.js'
import { sayBoss } from './signals.js'
import { BadUsage, type Asked } from './verb.js'

const pollMs = 1_000
/** Of what failed so many are named. */
const toldFailures = 3

/** `taylord wait BOSS`. @returns 0 when all succeeded, 1 when something did not. */
export async function wait(asked: Asked): Promise<number> {
  const [named = ''] = asked.exactly('a BOSS')
  const signal = signalOf(asked)
  const client = await clientOf(asked)
  return waitForOne(asked, client, await bossOf(client, named), signal)
}

/** Waits for a Boss, shows how far it is, and says how it ended. */
export async function waitForOne(asked: Asked, client: Client, boss: BossRef, signal?: AbortSignal): Promise<number> {
  const { id } = await begin(asked, client, boss)
  const over = new AbortController()
  const watching = asked.flag('quiet') ? undefined : watch(client, id, over.signal)
  let ended
  try {
    ended = await patient((patience) => client.wait(id, patience), signal)
  } finally {
    over.abort()
    await watching
  }
  await sayBoss(asked, ended)
  if (ended.counts.failed > 0 && !asked.flag('quiet')) await tellFailures(client, ended)
  return hasSucceeded(ended) ? 0 : 1
}

/** The Boss that is waited for. Of one that does not end by itself it says so. */
async function begin(asked: Asked, client: Client, named: BossRef): Promise<Boss> {
  const boss = await client.boss(named)
  const isOpen = boss.status === 'working' || boss.status === 'halted'
  if (isOpen && !boss.ending && !asked.flag('quiet'))
    remark(`${nameOf(boss)} takes more instructions; taylord end ${boss.id} lets it be over`)
  if (isOpen || boss.status === 'ending') tellAtInterrupt(boss)
  return boss
}

/** Names the first that failed, and how to see all. */
async function tellFailures(client: Client, { id, counts }: Boss): Promise<void> {
  const params = { path: { boss: String(id) }, query: { status: 'failed' as const, limit: toldFailures } }
  const { items } = await bodyOf(client.api.GET('/v1/bosses/{boss}/instructions', { params }))
  for (const item of items) remark(`${item.id} ${plain(item.name)}: ${plain(errorOf(item))}`)
  remark(`taylord ls ${id} --status failed lists ${counts.failed === 1 ? 'it' : `all ${counts.failed}`}`)
}

/** Shows how far a Boss is until it is over. */
async function watch(client: Client, id: number, over: AbortSignal): Promise<void> {
  const progress = new Progress(process.stderr)
  let isLast
  do {
    await pause(pollMs, undefined, { signal: over }).catch(() => undefined)
    isLast = over.aborted
    const boss = await client.boss(id).catch(() => undefined) // while the daemon is away it is waited for
    if (!boss) continue
    const { succeeded, failed, cancelled } = boss.counts
    progress.show({ total: totalOf(boss), done: succeeded + failed + cancelled, failed: failed + cancelled })
  } while (!isLast)
  progress.end()
}

/** `taylord follow [BOSS]`. */
export async function follow(asked: Asked): Promise<number> {
  const [named] = asked.atMost('one BOSS')
  const bosses = asked.text('boss')?.split(',')
  if (named !== undefined && bosses) throw new BadUsage(`${named} and --boss are two ways to say whom; give one`)
  const what = {
    since: asked.number('since', { least: 0, whole: true }),
    kinds: asked.text('kind')?.split(','),
    outcomes: asked.text('outcome')?.split(',') as Following['outcomes'], // the daemon says what is wrong with them
    signal: signalOf(asked),
  }
  const client = await clientOf(asked)
  if (named !== undefined) return followOne(asked, client, await bossOf(client, named), what)
  const followed = bosses && { bosses: await Promise.all(bosses.map((boss) => bossOf(client, boss))) }
  await patient(async (patience) => {
    for await (const event of client.follow(undefined, { ...what, ...followed, ...patience })) await sayEvent(asked, event, true)
  }, what.signal)
  return 0
}

/** Says each end of an instruction until the Boss is over. @returns 0 when all succeeded, 1 when something did not. */
export async function followOne(asked: Asked, client: Client, boss: BossRef, what: Following = {}): Promise<number> {
  const { id } = await begin(asked, client, boss)
  const ended = await patient(async (patience) => {
    for await (const event of client.follow(id, { ...what, ...patience })) await sayEvent(asked, event, false)
    return client.wait(id, patience)
  }, what.signal)
  if (!asked.flag('quiet') && !asked.flag('json')) remark(`${nameOf(ended)}: ${ended.status}`)
  return hasSucceeded(ended) ? 0 : 1
}

/** Events are documents with `--json`; else those that end an instruction are lines, of any Boss with its id. */
async function sayEvent(asked: Asked, event: Event, ofAny: boolean): Promise<void> {
  if (asked.flag('json')) return sayJson(event)
  const { type, boss, instruction, name, outcome, cause, error, usage } = event as Event & Ended
  if (type === 'gap') return remark(`the log no longer has events ${String(event['from'])} to ${String(event['to'])}`)
  if (type !== 'instruction.reported') return
  const id = ofAny ? `${boss}/${instruction}` : String(instruction)
  if (asked.flag('quiet')) return say(`${id}\n`)
  const why = [cause, error?.message].filter((part) => part !== undefined).join(': ')
  await say(`${id} ${plain(name)} ${coloured(outcome)}${why && ` (${plain(why)})`} ${secondsText(usage.wall)}\n`)
}

/** What `instruction.reported` has of its report entry. */
interface Ended {
  readonly name: string
  readonly outcome: string
  readonly cause?: string
  readonly error?: { readonly message: string }
  readonly usage: { readonly wall: number }
}
