import { expect, test } from 'vitest'
import { Ledger } from '../../dist/ledger.js'
import { laxist } from '../../dist/scheduler/laxist.js'
import { longerFirst } from '../../dist/scheduler/longer-first.js'
import { maxMemory } from '../../dist/scheduler/max-memory.js'
import { maxThreads } from '../../dist/scheduler/max-threads.js'
import { singleOpenFile } from '../../dist/scheduler/single-open-file.js'
import { launch } from '../../dist/workshop/dispatch.js'
import type { Floor } from '../../dist/workshop/floor.js'
import { KindBook } from '../../dist/workshop/kinds.js'
import { LiveBoss } from '../../dist/workshop/live-boss.js'
import { closeIfDone, giveBack } from '../../dist/workshop/recall.js'
import type { Site } from '../../dist/workshop/site.js'
import { declaredMiB, workingOf, workingWith } from '../../dist/workshop/worker.js'
import type { Entry, Scheduler } from '../../dist/scheduler/scheduler.js'
import { Random } from '../soak/random.js'

const ceilingMiB = 800
const memoryMiB = 1000
const perTaskMiB = 50
const shape = { ceilingMiB, perTaskMiB, percentage: 0.75, binded: false }
const policies: Readonly<Record<string, () => Scheduler>> = {
  'max threads': () => maxThreads(4, false),
  laxist: () => laxist(),
  'max memory': () => maxMemory(shape),
  'longer first': () => longerFirst({ ...shape, maxThreads: 4 }),
  'single file': () => singleOpenFile(4, false),
}

/** The part of a workshop that launches, with a crew whose hosts do nothing but give back what they are asked for. */
class Places {
  readonly site: Site
  readonly live: LiveBoss
  private readonly floor: Floor
  private readonly mail: (() => void)[] = []
  private woken = false
  private now = 1e6

  constructor(scheduler: Scheduler, slots: number, meanMs: number | undefined, elsewhereMiB: number) {
    const takeBack = (f: number, row: number) => {
      this.mail.push(() => {
        const held = this.floor.batches.get(f)
        if (held) giveBack(this.floor, held.worker, held.batch, Math.max(row, held.batch.done))
      })
    }
    const cpus = Array.from({ length: slots }, (_, cpu) => cpu)
    const crew = { name: 'local', send: () => undefined, takeBack, release: () => undefined }
    this.site = { crew, ledger: new Ledger(cpus, memoryMiB, slots), nodes: [], servedMs: 0 } as unknown as Site
    if (elsewhereMiB > 0) this.site.ledger.grant({ boss: 2, cores: 1, memory: elsewhereMiB, boundBy: undefined })
    const kinds = new KindBook({ any: 'js' })
    kinds.of(0).meanMs = meanMs
    this.floor = {
      bosses: new Map(),
      batches: new Map(),
      sites: new Map([['local', this.site]]),
      kinds,
      breaker: { awaits: () => false, refusal: () => undefined },
      bodies: { atHand: (_: number, ids: readonly number[]) => ({ attributes: ids.map(() => '{}'), names: undefined }) },
      shelf: { of: () => undefined },
      turn: {
        mail: (act: () => void) => this.mail.push(act),
        after: (act: () => void) => act(),
        wake: () => (this.woken = true),
      },
      lastFrame: 0,
      draining: false,
      refusing: undefined,
    } as unknown as Floor
    const boss = {
      id: 1,
      halted: false,
      stopping: undefined,
      over: undefined,
      working: new Map(),
      settings: {},
      arrays: new Map(),
      counts: {},
    }
    this.live = new LiveBoss(boss as unknown as ConstructorParameters<typeof LiveBoss>[0], scheduler, this.site)
    this.floor.bosses.set(1, this.live)
  }

  append(entries: readonly Entry[]): void {
    this.live.joinNow((queue) => entries.forEach((entry) => queue.add(entry)))
  }

  /** What this worker carries out has ended. */
  end(worker: number): void {
    const one = [...this.live.workers][worker]
    const batch = one?.batches[0]
    if (!one || !batch) return
    batch.done++
    batch.decided = batch.done
    this.site.ledger.resize(one.grant, declaredMiB(one))
    closeIfDone(this.floor, one, batch)
  }

  /** Takes turns until nobody wants another. @returns whether that comes to an end. */
  settle(): boolean {
    for (let turns = 0; turns < 60; turns++) {
      this.woken = false
      this.now += 10
      for (const act of this.mail.splice(0)) act()
      if (!launch(this.floor, this.now) && !this.woken && this.mail.length === 0) return true
    }
    return false
  }

  /** Whether something could start at an idle place: as things are, or if all workers gave back what they hold ahead. */
  get couldStart(): 'now' | 'with what is held' | undefined {
    const { scheduler, workers, queue: real } = this.live
    if (workers.size >= (scheduler.maxWorkers ?? Infinity) || real.size === 0) return undefined
    const queue = scheduler.queue()
    for (const entry of real) queue.add(entry)
    const { room } = this.site.ledger
    if (scheduler.launchable(queue, [...workers].map(workingOf), room, 1).length > 0) return 'now'
    let { memory } = room
    for (const worker of workers) {
      memory += worker.grant.memory - declaredMiB(worker, 1)
      for (const entry of worker.batches.flatMap(({ entries, done }) => entries.slice(done)).slice(1)) queue.add(entry)
    }
    const running = [...workers].map((worker) => workingWith(worker, 1))
    return scheduler.launchable(queue, running, { ...room, memory }, 1).length > 0 ? 'with what is held' : undefined
  }

  toString(): string {
    const held = [...this.live.workers].map(({ grant, batches }) => {
      const ids = batches.flatMap(({ entries, done }) => entries.slice(done).map(({ id }) => id))
      return `${ids.join('>')} (${grant.memory} MiB)`
    })
    return `${held.join(', ')}; queue ${[...this.live.queue].map(({ id }) => id).join()}; room ${JSON.stringify(this.site.ledger.room)}`
  }
}

test.each(Object.keys(policies))('%s: no place stays idle while something could start there, and nothing goes back and forth', (policy) => {
  const seed = 1 + Math.floor(Math.random() * 1e9)
  const random = new Random(seed)
  const from = (least: number, most: number) => least + Math.floor(random.next() * (most - least + 1))
  const withFiles = policy === 'single file'
  const memory = () => (random.next() < (withFiles ? 0.7 : 0.1) ? undefined : from(0, 12) * 40)
  const fileOf = () => ({ fileA: `file ${from(1, 4)}`, ...(random.next() < 0.2 && { fileB: `file ${from(1, 4)}` }) })
  for (let round = 0; round < 400; round++) {
    const places = new Places((policies[policy] as () => Scheduler)(), from(3, 5), [undefined, 0.5, 5, 15][from(0, 3)], from(0, 6) * 100)
    const story = [`seed ${seed}, round ${round}`]
    for (let step = 0, id = 0; step < 8; step++) {
      const entries = Array.from({ length: from(0, 4) }, () => ({
        id: ++id,
        priority: 0,
        memory: memory(),
        expectedTime: from(1, 9),
        cores: 1,
        kind: 0,
        nameHash: 0,
        fileA: undefined,
        fileB: undefined,
        ...(withFiles && fileOf()),
      }))
      places.append(entries as unknown as Entry[])
      if (random.next() < 0.6) places.end(from(0, Math.max(0, places.live.workers.size - 1)))
      story.push(entries.map((entry) => `${entry.id}: ${entry.memory ?? '-'} MiB ${entry.fileA ?? ''} ${entry.fileB ?? ''}`).join(', '))
      const settled = places.settle()
      story.push(String(places))
      expect(settled, story.join('\n')).toBe(true)
      expect(places.couldStart, story.join('\n')).toBeUndefined()
    }
  }
})
