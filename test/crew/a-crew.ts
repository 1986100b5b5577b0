import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Batch, Crew, HostEnd } from '../../dist/crew/crew.js'
import type { GroupsPlace } from '../../dist/crew/host-groups.js'
import { localCrew } from '../../dist/crew/local.js'
import type { ReportFrame } from '../../dist/frames.js'
import { surveyMachine } from '../../dist/machine.js'
import type { Topology } from '../../dist/topology.js'
import { tempDir, until } from '../support/temp.js'

/** What a report entry says, as far as these tests look. */
export interface Entry {
  readonly name: string
  readonly outcome: string
  readonly report: unknown
  readonly cause?: string
  readonly error?: { readonly type: string; readonly message: string }
  readonly traceback?: string
  readonly exit_code?: number
  readonly limit?: number
  readonly measured?: number
  readonly signal?: string
  readonly stderr_tail?: string
  readonly cpus: readonly number[]
  readonly started_at: string
  readonly finished_at: string
  readonly usage: { readonly wall: number; readonly cpu: number | null; readonly max_rss: number | null }
}

/** Everything that a crew told, in order. */
export interface Told {
  readonly heads: ReportFrame[]
  /** By frame and row: `reports.get('3 0')`. */
  readonly reports: Map<string, Entry>
  /** `started 1 0`, `reported 1 0+3`, `kept 1 5`, `ended`. */
  readonly order: string[]
  readonly ended: HostEnd[]
  /** When each host ended, on the clock of `performance`. */
  readonly endedAt: number[]
  /** Acknowledges what was reported; called at once unless a test puts `acknowledges` off. */
  acknowledge(): void
  acknowledges: boolean
}

const kindsOfTests = new URL('./kinds.mjs', import.meta.url).href
const builtIn = (kind: string) => new URL(`../../dist/worker/kinds/${kind}.js`, import.meta.url).href
export const testKinds = [
  ...[
    'noop',
    'echo',
    'nap',
    'obliging',
    'spin',
    'thrower',
    'rejecter',
    'exiter',
    'killed',
    'cycle',
    'big',
    'stray',
    'long',
    'pid',
    'talker',
    'parent',
    'waiter',
    'blocked',
    'leaver',
    'listener',
  ],
]

/** A crew of real processes in a directory of its own, and what it told so far. Whatever it started ends with the test. */
export function aCrew(
  modules: Readonly<Record<string, string>> = {},
  topology: Topology = surveyMachine().topology,
  idleMs?: number,
  cgroups?: GroupsPlace,
  outputBytes = 2 ** 30,
): {
  crew: Crew
  told: Told
  run: string
  outputs: string
  dir: string
} {
  const dir = tempDir()
  const [run, outputs] = [join(dir, 'run'), join(dir, 'outputs')]
  for (const path of [run, outputs]) mkdirSync(path)
  const own = Object.fromEntries(testKinds.map((kind) => [kind, kindsOfTests]))
  const crew = localCrew(
    {
      runDir: run,
      outputsDir: outputs,
      outputBytes,
      modules: { command: builtIn('command'), sleeper: builtIn('sleeper'), ...own, ...modules },
      topology,
      ...(cgroups && { cgroups }),
      recycle: { after: 0, above: 0 },
      log: { debug: () => undefined },
    },
    idleMs,
  )
  let acknowledge = () => undefined as void
  const told: Told = {
    heads: [],
    reports: new Map(),
    order: [],
    ended: [],
    endedAt: [],
    acknowledge: () => acknowledge(),
    acknowledges: true,
  }
  crew.listen({
    reported(host, head, lines) {
      const texts = Buffer.from(lines).toString().trimEnd().split('\n')
      texts.forEach((text, i) => told.reports.set(`${head.f} ${head.at + i}`, JSON.parse(`{${text}`) as Entry))
      told.heads.push(head)
      told.order.push(`reported ${head.f} ${head.at}+${head.n}`)
      acknowledge = () => crew.acknowledge(host, head.r)
      if (told.acknowledges) acknowledge()
    },
    started: (f, row) => told.order.push(`started ${f} ${row}`),
    progress: (f, row, value) => told.order.push(`progress ${f} ${row} ${JSON.stringify(value)}`),
    kept: (f, row) => told.order.push(`kept ${f} ${row}`),
    ended(end) {
      told.ended.push(end)
      told.endedAt.push(performance.now())
      told.order.push('ended')
    },
  })
  onTestFinished(() => crew.close(0))
  return { crew, told, run, outputs, dir }
}

/** A batch of one kind, a row for each of the attributes. */
export function aBatch(f: number, kind: string, attributes: readonly object[] = [{}]): Batch {
  return {
    f,
    boss: 7,
    ids: attributes.map((_, row) => f * 1000 + row),
    attempts: attributes.map(() => 1),
    names: attributes.map((_, row) => `${kind}-${row}`),
    kind,
    scheduler_ticket: 0,
    attributes: attributes.map((row) => JSON.stringify({ kind, memory: 0, expected_time: 0, ...row })),
  }
}

/** Sends one row and waits for its report. */
export async function carryOut(kind: string, attributes: object, { crew, told } = aCrew(), f = 1): Promise<Entry> {
  crew.send({ id: 1, cpus: [] }, kind === 'command' ? 'program' : 'js', aBatch(f, kind, [attributes]))
  return until(() => told.reports.get(`${f} 0`), `the report of ${kind}`)
}

/** A pid that a program wrote into a file. */
export const pidIn = (file: string) =>
  until(() => {
    try {
      return Number(readFileSync(file, 'utf8').trim())
    } catch {
      return 0
    }
  }, `a pid in ${file}`)

/** Writes a module into the directory of a test. @returns its URL. */
export function aModule(dir: string, source: string): string {
  const file = join(dir, 'kinds.mjs')
  writeFileSync(file, source)
  return new URL(`file://${file}`).href
}
