import { setTimeout as pause } from 'node:timers/promises'
import type { Boss, BossRef, Client, Event, Following, Patience } from '../client/client.js'
import { bossOf, clientOf, hasSucceeded, nameOf, totalOf } from './connect.js'
import { secondsText } from './look.js'
import { coloured, plain, remark, say, sayJson } from './output.js'
import { Progress } from './progress.js'
import { sayBoss } from './signals.js'
import { BadUsage, type Asked } from './verb.js'

const pollMs = 1_000

/** `taylord wait BOSS`. @returns 0 when all succeeded, 1 when something did not. */
export async function wait(asked: Asked): Promise<number> {
  const [named = ''] = asked.exactly('a BOSS')
  const signal = signalOf(asked)
  const client = await clientOf(asked)
  return waitForOne(asked, client, await bossOf(client, named), { signal })
}

/** Waits for a Boss, shows how far it is, and says how it ended. */
export async function waitForOne(asked: Asked, client: Client, boss: BossRef, patience: Patience = {}): Promise<number> {
  const { id } = await begin(asked, client, boss)
  const over = new AbortController()
  const watching = asked.flag('quiet') ? undefined : watch(client, id, over.signal)
  try {
    await client.wait(id, patience)
  } finally {
    over.abort()
    await watching
  }
  const ended = await client.boss(id)
  await sayBoss(asked, ended)
  return hasSucceeded(ended) ? 0 : 1
}

/** The Boss that is waited for. Of one that does not end by itself it says so. */
async function begin(asked: Asked, client: Client, named: BossRef): Promise<Boss> {
  const boss = await client.boss(named)
  const isOpen = boss.status === 'working' || boss.status === 'halted'
  if (isOpen && !boss.ending && !asked.flag('quiet'))
    remark(`${nameOf(boss)} takes more instructions; taylord end ${boss.id} lets it be over`)
  return boss
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
  for await (const event of client.follow(undefined, { ...what, ...followed })) await sayEvent(asked, event, true)
  return 0
}

/** Says each end of an instruction until the Boss is over. @returns 0 when all succeeded, 1 when something did not. */
export async function followOne(asked: Asked, client: Client, boss: BossRef, what: Following = {}): Promise<number> {
  const { id } = await begin(asked, client, boss)
  for await (const event of client.follow(id, what)) await sayEvent(asked, event, false)
  const ended = await client.boss(id)
  if (!asked.flag('quiet') && !asked.flag('json')) remark(`${nameOf(ended)}: ${ended.status}`)
  return hasSucceeded(ended) ? 0 : 1
}

function signalOf(asked: Asked): AbortSignal | undefined {
  const seconds = asked.seconds('timeout')
  // more than a timer can hold is as good as no end
  return seconds === undefined ? undefined : AbortSignal.timeout(Math.min(seconds * 1000, 2 ** 31 - 1))
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
