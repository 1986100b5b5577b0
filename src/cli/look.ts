import { bodyOf, type Boss, type BossRef, type Client, type Instruction } from '../client/client.js'
import { bossOf, clientOf, nameOf } from './connect.js'
import { coloured, plain, remark, say, sayJson, tableOf } from './output.js'
import { idsOf, matching, selectionOf, type Filter } from './select.js'
import { BadUsage, type Asked } from './verb.js'
import { inVerbs } from './wording.js'

/** Bosses that are listed unless more are asked for. */
export const usualBosses = 20

/** `taylord ls`: the newest Bosses, or the instructions of one. */
export async function ls(asked: Asked): Promise<number> {
  const client = await clientOf(asked)
  const [named] = asked.atMost('one BOSS')
  if (named === undefined) await lsBosses(asked, client)
  else await sayInstructions(asked, matching(client, await bossOf(client, named), filterOf(asked)))
  return 0
}

/** What `--status`, `--kind`, `--name` and `--cause` say. */
export function filterOf(asked: Asked): Filter {
  const given = ['status', 'kind', 'name', 'cause'].map((name) => [name, asked.text(name)]).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Filter
}

async function lsBosses(asked: Asked, client: Client): Promise<void> {
  if (Object.keys(filterOf(asked)).length > 0) throw new BadUsage(`these options choose instructions; name the BOSS that has them`)
  const most = asked.flag('all') ? Infinity : (asked.number('number', { least: 1, whole: true }) ?? usualBosses)
  const bosses: Boss[] = []
  let after: string | undefined
  do {
    const query = { order: 'newest' as const, limit: Math.min(1000, most - bosses.length), ...(after !== undefined && { after }) }
    const page = await bodyOf(client.api.GET('/v1/bosses', { params: { query } }))
    bosses.push(...page.items)
    after = page.next
  } while (after !== undefined && bosses.length < most)
  if (asked.flag('json')) for (const boss of bosses) await sayJson(boss)
  else if (asked.flag('quiet')) await say(bosses.map(({ id }) => `${id}\n`).join(''))
  else {
    const rows = bosses.map(({ id, name, status, counts, created_at: at }) => [
      ...[id, name ?? '-', status, counts.pending, counts.working, counts.succeeded, counts.failed, counts.cancelled],
      timeOf(at),
    ])
    const heading = ['ID', 'NAME', 'STATUS', 'PENDING', 'WORKING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'CREATED']
    await say(tableOf([heading, ...rows], [0, 3, 4, 5, 6, 7]))
    if (after !== undefined) remark(`these are the newest ${most}; --all lists the others, too`)
  }
}

/** Instructions as a table; their documents with `--json`, their ids with `-q`. */
async function sayInstructions(asked: Asked, instructions: AsyncIterable<Instruction>): Promise<void> {
  const heading = ['ID', 'NAME', 'KIND', 'STATUS', 'CAUSE', 'ATTEMPTS', 'WALL', 'ERROR']
  const rows: (string | number)[][] = []
  const flush = async () => say(tableOf([heading, ...rows.splice(0)], [0, 5, 6]))
  for await (const instruction of instructions) {
    const { id, name, kind, status, attempts } = instruction
    if (asked.flag('json')) await sayJson(instruction)
    else if (asked.flag('quiet')) await say(`${id}\n`)
    else {
      const last = attempts.at(-1)
      const wall = last?.usage ? secondsText(last.usage.wall) : '-'
      rows.push([id, name, kind, status, last?.cause ?? '-', attempts.length, wall, errorOf(instruction)])
      if (rows.length === pageRows) await flush()
    }
  }
  if (rows.length > 0) await flush()
}

/** Rows of a table whose columns fit together; memory stays bounded. */
const pageRows = 1000

/** `taylord show`: a Boss, or instructions of it. */
export async function show(asked: Asked): Promise<number> {
  const [named, ...ids] = asked.operands
  if (named === undefined) throw new BadUsage(`show needs a BOSS; ${asked.help}`)
  const client = await clientOf(asked)
  const boss = await bossOf(client, named)
  if (ids.length === 0) await showBoss(asked, await client.boss(boss))
  else for await (const id of idsOf(client, boss, selectionOf(ids))) await showInstruction(asked, await instructionOf(client, boss, id))
  return 0
}

export function instructionOf(client: Client, boss: BossRef, id: number): Promise<Instruction> {
  return bodyOf(client.api.GET('/v1/bosses/{boss}/instructions/{id}', { params: { path: { boss: String(boss), id } } }))
}

async function showBoss(asked: Asked, boss: Boss): Promise<void> {
  if (asked.flag('json')) return sayJson(boss)
  if (asked.flag('quiet')) return say(`${boss.id}\n`)
  const counts = Object.entries(boss.counts).map(([status, count]) => `${count} ${status}`)
  const facts: [string, string | undefined][] = [
    ['status', boss.status],
    ['error', boss.error && `${boss.error.type}: ${boss.error.message}`],
    ['counts', counts.join(', ')],
    ['created', timeOf(boss.created_at)],
    ['over', boss.over_at && timeOf(boss.over_at)],
    ['scheduler', JSON.stringify(boss.scheduler)],
    ['on error', boss.on_error],
    ['retry', boss.retry && JSON.stringify(boss.retry)],
  ]
  await say(`${nameOf(boss)}\n${linesOf(facts)}`)
}

async function showInstruction(asked: Asked, instruction: Instruction): Promise<void> {
  if (asked.flag('json')) return sayJson(instruction)
  if (asked.flag('quiet')) return say(`${instruction.id}\n`)
  const { id, name, kind, status, attributes, cores, priority, limits, attempts } = instruction
  const given = Object.entries(limits).filter(([, value]) => value !== null && value !== false)
  const facts: [string, string | undefined][] = [
    ['status', status],
    ['waits for', instruction.waiting_for && inVerbs(instruction.waiting_for)],
    ['retry of', instruction.retry_of === undefined ? undefined : String(instruction.retry_of)],
    ['attributes', JSON.stringify(attributes)],
    ['cores', String(cores)],
    ['priority', priority === 0 ? undefined : String(priority)],
    ['limits', JSON.stringify(Object.fromEntries(given))],
    ...attempts.map((attempt): [string, string] => [`attempt ${attempt.attempt}`, attemptText(attempt)]),
  ]
  await say(`Instruction ${id} ${plain(name)} (${plain(kind)})\n${linesOf(facts)}`)
}

/** Why it did not succeed, in a line: the last one that its program wrote to stderr, or what the report says; - when there is nothing to say. */
export function errorOf({ attempts }: Pick<Instruction, 'attempts'>): string {
  const { cause, error, stderr_tail: tail } = (attempts.at(-1) ?? {}) as Partial<Attempt>
  const said = cause === 'exit' ? tail?.trimEnd().split('\n').at(-1) : undefined
  const text = said || error?.message || '-'
  return text.length > longestError ? `${text.slice(0, longestError)}…` : text
}

/** Characters. */
const longestError = 100

type Attempt = Instruction['attempts'][number] & {
  readonly report?: unknown
  readonly stderr_tail?: string
  readonly error?: { readonly type?: string; readonly message: string }
}

function attemptText(attempt: Attempt): string {
  const { outcome, cause, error, usage, started_at: at, report } = attempt
  const why = [cause, error && `${error.type ?? 'error'}: ${error.message}`].filter((part) => part !== undefined).join(': ')
  return [
    outcome ?? 'goes on',
    why,
    at ? `began ${timeOf(at)}` : '',
    usage ? secondsText(usage.wall) : '',
    report === undefined || report === null ? '' : JSON.stringify(report),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

const linesOf = (facts: readonly [string, string | undefined][]) =>
  facts
    .filter((fact): fact is [string, string] => fact[1] !== undefined)
    .map(([name, text]) => `  ${name.padEnd(10)}  ${coloured(plain(text))}\n`)
    .join('')

/** As 2026-01-31 12:00:00Z. */
export const timeOf = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$/, 'Z')

/** As 0.35 s. */
export const secondsText = (seconds: number): string => `${seconds.toFixed(seconds < 100 ? 2 : 0)} s`
