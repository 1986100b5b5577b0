import { bodyOf, Refused, type Appended, type Boss, type BossRef, type Client, type NewBoss } from '../client/client.js'
import { bossOf, clientOf, nameOf, totalOf } from './connect.js'
import { asDescription, readFile } from './description.js'
import { followOne, waitForOne } from './follow.js'
import { instructionsText, remark, say, sayJson } from './output.js'
import { assertMeant, remarkIgnored } from './meant.js'
import { commonOf, filesOf, fromHere, isLines, rowsOf, type Row } from './rows.js'
import { sayBoss } from './signals.js'
import { BadUsage, type Asked } from './verb.js'

/** Rows that go with their Boss in one call; with more, it is given them in a second one. */
const mostAtOnce = 5_000
/** Rows that a dry run prints. */
const shownRows = 10

/** `taylord submit`: a Boss with instructions, or more of them for one that is there. */
export async function submit(asked: Asked): Promise<number> {
  await assertMeant(asked)
  const boss = asked.text('boss')
  if (boss !== undefined) return appendTo(asked, boss)
  const description = descriptionOf(asked)
  const rows = description ? undefined : (rowsOf(asked) ?? nothing(asked))
  if (asked.flag('dry-run')) return dryRun(description ?? rows ?? nothing(asked))
  const client = await clientOf(asked)
  const made = await (description
    ? client.create(description)
    : createWith(client, await withPolicy(client, settingsOf(asked)), rows ?? nothing(asked)))
  remarkIgnored(made)
  const goesOn = asked.flag('follow') ? followOne : asked.flag('wait') ? waitForOne : undefined
  if (!goesOn) {
    await sayBoss(asked, made)
    return 0
  }
  if (!asked.flag('quiet')) remark(`${nameOf(made)} has ${instructionsText(totalOf(made))}`)
  return goesOn(asked, client, made.id)
}

function nothing(asked: Asked): never {
  throw new BadUsage(`${asked.verb} needs a FILE, --each, or a command after --; ${asked.help}`)
}

/** `taylord append BOSS`: more instructions for a Boss. */
export async function append(asked: Asked): Promise<number> {
  const [boss] = asked.operands
  if (boss === undefined) throw new BadUsage(`append needs a BOSS; ${asked.help}`)
  await assertMeant(asked)
  return appendTo(asked, boss)
}

async function appendTo(asked: Asked, named: string): Promise<number> {
  const rows = rowsOf(asked) ?? nothing(asked)
  if (asked.flag('dry-run')) return dryRun(rows)
  const client = await clientOf(asked)
  const boss = await client.boss(await bossOf(client, named))
  await sayAppended(asked, boss, await client.append(boss.id, rows))
  return 0
}

/** What was appended in a line: its range of ids with `-q`, the document with `--json`. */
export async function sayAppended(asked: Asked, boss: Pick<Boss, 'id' | 'name'>, appended: Appended): Promise<void> {
  const { count, first, last } = appended
  remarkIgnored(appended)
  if (asked.flag('json')) return sayJson(appended)
  const range = first === last ? String(first) : `${first}-${last}`
  if (asked.flag('quiet')) return say(count === 0 ? '' : `${range}\n`)
  await say(`${nameOf(boss)}: ${instructionsText(count)}${count === 0 ? '' : `, ${range}`}\n`)
}

/** The Boss that a single FILE describes; undefined when there is none, or it holds rows. */
function descriptionOf(asked: Asked): NewBoss | undefined {
  const [file, ...more] = filesOf(asked)
  if (file === undefined || more.length > 0 || isLines(file)) return undefined
  const content = readFile(file)
  if (Array.isArray(content)) return undefined
  const described = asDescription(file, content)
  const common = fromHere(commonOf(asked))
  const ours = Object.keys(common).length > 0 && { common_instructions: { ...(described['common_instructions'] as Row), ...common } }
  return { end: true, ...described, ...ours, ...settingsOf(asked) }
}

/** What is said of the Boss itself. */
function settingsOf(asked: Asked): NewBoss {
  const [name, scheduler, crew] = [asked.text('name'), asked.text('scheduler'), asked.text('crew')]
  const threads = asked.number('threads', { least: 0, whole: true })
  if (threads !== undefined && scheduler !== undefined) throw new BadUsage('--threads is short for a --scheduler; give one')
  return {
    ...(name !== undefined && { name }),
    ...(threads !== undefined && { scheduler: { limit: 'threads', max_threads: threads } }),
    ...(scheduler !== undefined && { scheduler: policyOf(scheduler) }),
    ...(crew !== undefined && { crew: crew as NonNullable<NewBoss['crew']> }),
    ...(asked.flag('keep-open') && { end: false }),
  }
}

/** Unless a policy is asked for, as many at once as there are cores, or slots when these are fewer: a Boss of the API has half of the cores, as in taylorism. */
async function withPolicy(client: Client, settings: NewBoss): Promise<NewBoss> {
  if (settings.scheduler !== undefined) return settings
  const { cores, slots, slurm } = await bodyOf(client.api.GET('/v1/resources'))
  if (settings.crew === 'slurm' && slurm) return { ...settings, scheduler: { limit: 'threads', max_threads: slurm.hosts.most } }
  return { ...settings, scheduler: { limit: 'threads', max_threads: Math.min(cores.total, slots.total) } }
}

function policyOf(text: string): Record<string, unknown> {
  try {
    const policy = JSON.parse(text) as unknown
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy)) return policy as Record<string, unknown>
  } catch {
    // it is told below
  }
  throw new BadUsage(`--scheduler takes JSON, as in '{"limit": "memory", "max_memory": 16000}'; it is ${JSON.stringify(text)}`)
}

/** Few rows and their Boss are one call, all or nothing; of many that are refused the Boss is removed again. */
async function createWith(client: Client, settings: NewBoss, rows: AsyncIterable<Row>): Promise<Boss> {
  const iterator = rows[Symbol.asyncIterator]()
  const first: Row[] = []
  let end = false
  while (!end && first.length < mostAtOnce) {
    const next = await iterator.next()
    if (next.done) end = true
    else first.push(next.value)
  }
  if (end) return client.create({ end: true, ...settings, instructions: first })
  const { id } = await client.create({ ...settings, end: false })
  try {
    remarkIgnored(await client.append(id, chained(first, { [Symbol.asyncIterator]: () => iterator })))
  } catch (error) {
    await removed(client, id)
    throw error
  }
  return settings.end === false ? client.boss(id) : bodyOf(client.api.POST('/v1/bosses/{boss}/end', pathOf(id)))
}

/** Takes a Boss away that nobody has use for. */
export async function removed(client: Client, id: number): Promise<void> {
  try {
    await client.api.POST('/v1/bosses/{boss}/stop', pathOf(id))
    await client.api.DELETE('/v1/bosses/{boss}', pathOf(id))
  } catch (error) {
    if (error instanceof Refused) remark(`taylord: Boss ${id} is left, without instructions: ${error.message}`)
  }
}

export const pathOf = (boss: BossRef) => ({ params: { path: { boss: String(boss) } } })

async function* chained<T>(...parts: (Iterable<T> | AsyncIterable<T>)[]): AsyncGenerator<T, void, undefined> {
  for (const part of parts) yield* part
}

/** Prints what would be sent: a description, or the first rows. */
async function dryRun(sent: NewBoss | AsyncIterable<Row>): Promise<number> {
  if (!(Symbol.asyncIterator in sent)) {
    await sayJson(sent)
    remark('nothing was sent')
    return 0
  }
  let n = 0
  for await (const row of sent) if (++n <= shownRows) await sayJson(row)
  remark(`${n} ${n === 1 ? 'row' : 'rows'} in all; nothing was sent`)
  return 0
}
