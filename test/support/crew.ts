import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
// the emitted module: its hosts are plain Node processes
import { localCrew } from '../../dist/crew/local.js'
import { surveyMachine } from '../../dist/machine.js'
import type { Batch, Crew, HostEnd, Place, Role } from '../../src/crew/crew.js'
import { meaningOf, type ReportEntry } from '../../src/boss/report.js'
import { testKinds } from './daemon.js'
import { tempDir, until } from './temp.js'

/** What a crew told, in order. */
export type Told =
  | { readonly type: 'reported'; readonly f: number; readonly row: number; readonly entry: ReportEntry }
  | { readonly type: 'started'; readonly f: number; readonly row: number }
  | { readonly type: 'kept'; readonly f: number; readonly row: number }
  | ({ readonly type: 'ended' } & HostEnd)

export const modules: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    noop: 'parts/plain',
    throwing: 'parts/plain',
    exiting: 'parts/plain',
    killed: 'parts/plain',
    cyclic: 'parts/plain',
    told: 'parts/plain',
    gated: 'parts/slow',
    logging: 'parts/slow',
    busy: 'parts/slow',
    blocking: 'parts/slow',
    'throws-on-import': 'bad/throws-on-import',
    'exits-on-import': 'bad/exits-on-import',
  }).map(([kind, file]) => [kind, pathToFileURL(join(testKinds, `${file}.mjs`)).href]),
)

/** Places: unbound ones by number. */
export const unbound = (id: number): Place => ({ id, cpus: [] })

/** A real crew with real hosts, and everything it told. */
export class TestCrew {
  readonly told: Told[] = []
  readonly crew: Crew
  readonly dir = tempDir()
  private lastFrame = 0

  constructor(own: Readonly<Record<string, string>> = {}) {
    const [runDir, outputsDir] = ['run', 'outputs'].map((name) => join(this.dir, name)) as [string, string]
    for (const dir of [runDir, outputsDir]) mkdirSync(dir)
    this.crew = localCrew({
      runDir,
      outputsDir,
      outputBytes: 2 ** 30,
      modules: { ...modules, ...own },
      topology: surveyMachine().topology,
      recycle: { after: 0, above: 0 },
      log: { debug: () => undefined },
    })
    this.crew.listen({
      reported: (host, head, lines) => {
        const texts = new TextDecoder().decode(lines).trimEnd().split('\n')
        texts.forEach((text, i) => {
          const entry = JSON.parse(`{${text}`) as ReportEntry
          const { outcome, cause } = { cause: undefined, ...meaningOf(head.o[i] ?? '') }
          // what the daemon reads without parsing must be what the line says
          if (texts.length !== head.n || entry.outcome !== outcome || entry.cause !== cause)
            throw new Error(`${head.o} is not what the lines say: ${text}`)
          this.told.push({ type: 'reported', f: head.f, row: head.at + i, entry })
        })
        this.crew.acknowledge(host, head.r)
      },
      started: (f, row) => this.told.push({ type: 'started', f, row }),
      progress: () => undefined,
      kept: (f, row) => this.told.push({ type: 'kept', f, row }),
      ended: (end) => this.told.push({ type: 'ended', ...end }),
    })
    onTestFinished(() => this.crew.close(500))
  }

  /** Sends rows of a kind to a place; returns the frame's number. */
  send(place: Place, kind: string, rows: readonly Record<string, unknown>[], role: Role = kind === 'command' ? 'program' : 'js'): number {
    const f = ++this.lastFrame
    const batch: Batch = {
      f,
      boss: 1,
      ids: rows.map((_, i) => i + 1),
      attempts: rows.map(() => 1),
      names: rows.map(({ name }, i) => (typeof name === 'string' ? name : `${kind}-${i + 1}`)),
      kind,
      scheduler_ticket: 0,
      attributes: rows.map((row) => JSON.stringify({ kind, ...row })),
    }
    this.crew.send(place, role, batch)
    return f
  }

  entriesOf(f: number): ReportEntry[] {
    return this.told.flatMap((told) => (told.type === 'reported' && told.f === f ? [told.entry] : []))
  }

  rowsOf(f: number): number[] {
    return this.told.flatMap((told) => (told.type === 'reported' && told.f === f ? [told.row] : []))
  }

  /** Waits until n rows of a frame are reported. */
  async reported(f: number, n: number): Promise<ReportEntry[]> {
    await until(() => this.entriesOf(f).length >= n, `${n} reports of frame ${f}`)
    return this.entriesOf(f)
  }

  async ended(): Promise<HostEnd> {
    return until(() => this.told.find((told) => told.type === 'ended'), 'a host ends')
  }

  /** Pid of the host that holds a frame. */
  async pidOf(f: number): Promise<number> {
    return until(() => this.crew.hosts().find(({ frames }) => frames.includes(f))?.pid, `a host for frame ${f}`)
  }
}
