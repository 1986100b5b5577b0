import { expect } from 'vitest'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { ReportEntry } from '../../src/boss/report.js'
import { lineTest as test, startDaemon, type Daemon } from '../support/daemon.js'
import { until } from '../support/temp.js'

const four = { limit: 'threads', max_threads: 4 }

/** A Boss with work for a while: `n` instructions of `ms` each. */
const aBoss = (daemon: Daemon, log: string, n: number, ms: number) =>
  daemon.hire({
    scheduler: four,
    common_instructions: { kind: 'logging', log, ms },
    individual_instructions: { name: Array.from({ length: n }, (_, i) => `n${i}`) },
  })

test('a Boss that comes later gets its share while the first one still has work', async ({ daemon, log }) => {
  const first = await aBoss(daemon, log.file, 200, 20)
  await until(async () => (await daemon.boss(first)).counts.succeeded > 40, 'the first Boss works, its hosts are warm')
  const second = await aBoss(daemon, log.file, 200, 20)
  await until(async () => (await daemon.boss(second)).counts.succeeded > 50, 'the second Boss has got far')
  for (const boss of [first, second]) await daemon.tell(boss, 'stop')
  const seqs = (entries: ReportEntry[]) => entries.map(({ seq }) => seq)
  const [ofFirst, ofSecond] = [
    seqs((await daemon.reportOnceOver(first)).workers_report),
    seqs((await daemon.reportOnceOver(second)).workers_report),
  ]
  // forty of the second, and what the first got done in that time
  const [from = 0, to = 0] = [ofSecond[5], ofSecond[45]]
  const meanwhile = ofFirst.filter((seq) => seq > from && seq < to).length
  expect(meanwhile).toBeGreaterThanOrEqual(30)
  expect(meanwhile).toBeLessThanOrEqual(50)
})

test('what a Boss was served while nobody else had work is no debt to one that came while it rested', async ({ log }) => {
  const daemon = await startDaemon({ args: ['--slots', '1'] })
  const first = await aBoss(daemon, log.file, 50, 20)
  await until(async () => (await daemon.boss(first)).counts.succeeded === 50, 'the first Boss rests')
  const second = await aBoss(daemon, log.file, 200, 20)
  await until(async () => (await daemon.boss(second)).counts.succeeded > 0, 'the second Boss has the place')
  const before = (await daemon.boss(second)).counts.succeeded
  await daemon.append(first, {
    common_instructions: { kind: 'logging', log: log.file },
    individual_instructions: { name: ['a', 'b', 'c'] },
  })
  await until(async () => (await daemon.boss(first)).counts.succeeded === 53, 'the first Boss has got its turns')
  expect((await daemon.boss(second)).counts.succeeded - before).toBeLessThan(20)
  for (const boss of [first, second]) await daemon.tell(boss, 'stop')
})

test('Bosses with instructions of a moment share the places, too, when there are more Bosses than places', async ({ daemon }) => {
  const value = Array.from({ length: 4000 }, (_, i) => i)
  const bosses: BossDocument[] = []
  for (let i = 0; i < 5; i++)
    bosses.push(
      await daemon.hire({ start: false, scheduler: four, common_instructions: { kind: 'noop' }, individual_instructions: { value } }),
    )
  await Promise.all(bosses.map((boss) => daemon.tell(boss, 'work')))
  await until(
    async () => (await Promise.all(bosses.map((boss) => daemon.boss(boss)))).every(({ counts }) => counts.succeeded > 0),
    'each Boss has begun',
  )
  await Promise.all(bosses.map((boss) => daemon.tell(boss, 'end')))
  const reports = await Promise.all(bosses.map((boss) => daemon.reportOnceOver(boss)))
  for (const { workers_report } of reports) expect(new Set(workers_report.map(({ instruction }) => instruction)).size).toBe(4000)
})

test('the machine runs no more workers at once than its slots, whatever Bosses ask for', async ({ log }) => {
  const daemon = await startDaemon({ args: ['--slots', '3'] })
  const instructions = ['a', 'b', 'c', 'd'].map((name) => log.gated(name, 'g'))
  const bosses = [
    await daemon.hire({ scheduler: four, instructions, end: true }),
    await daemon.hire({ scheduler: four, instructions, end: true }),
  ]
  await until(() => log.begun.length === 3, 'three have begun')
  log.open('g')
  for (const boss of bosses) await daemon.reportOnceOver(boss)
  expect(log.most).toBe(3)
})

test('work that was sent ahead comes back from behind a task that blocks its process', async ({ daemon, log }) => {
  const blocking = { kind: 'blocking', name: 'long', gate: log.gate('g'), log: log.file }
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: [blocking, ...Array.from({ length: 20 }, (_, i) => ({ kind: 'noop', value: i }))],
  })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 20, 'all but the one that blocks are done')
  expect(log.lines).toEqual(['+ long'])
  log.open('g')
  await daemon.tell(boss, 'end')
  const { workers_report } = await daemon.reportOnceOver(boss)
  expect(new Set(workers_report.map(({ instruction }) => instruction)).size).toBe(21)
  expect(workers_report).toHaveLength(21)
})

test('what was sent ahead and has its files for itself comes back where they are all that is waited for', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2, singlefile: true },
    instructions: [
      { ...log.gated('long', 'g'), fileA: 'x' },
      ...Array.from({ length: 20 }, (_, i) => ({ kind: 'noop', value: i, fileA: 'y' })),
    ],
  })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 20, 'all but the gated one are done')
  log.open('g')
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(21)
})

test('what follows may need more memory than what runs, which is kept for it', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [
      { ...log.gated('a', 'g'), memory: 10 },
      ...Array.from({ length: 3 }, (_, i) => ({ kind: 'noop', value: i, memory: 50 })),
    ],
  })
  const granted = async () => (await daemon.get<{ memory: { granted: number } }>('/v1/resources')).body.memory.granted
  await until(async () => (await granted()) === 50, 'memory is kept for what follows')
  await daemon.tell(boss, 'halt')
  await until(async () => (await granted()) === 10, 'it is free again when that was taken back')
  await daemon.tell(boss, 'work', { terminate: true })
  log.open('g')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(4)
})

test('work that was sent ahead comes back for a place that would stand idle', async ({ daemon, log }) => {
  // one is hired for the gated row, and what follows it must not wait behind it
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2 },
    instructions: [log.gated('long', 'g'), ...Array.from({ length: 20 }, (_, i) => ({ kind: 'noop', value: i }))],
  })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 20, 'all but the gated one are done')
  log.open('g')
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(21)
})

test('an idle place takes one instruction from elsewhere while a large one waits for memory; others keep theirs', async ({ log }) => {
  const daemon = await startDaemon() // which knows of no short instruction of this kind
  const { total } = (await daemon.get<{ memory: { total: number } }>('/v1/resources')).body.memory
  const row = (name: string, memory: number) => ({ ...log.gated(name, name), memory })
  const follow = ['e', 'f', 'g', 'h']
  const last = ['w', 'x', 'y', 'z']
  const boss = await daemon.hire({
    scheduler: four,
    instructions: [
      ...['a', 'b', 'c', 'd'].map((name) => row(name, 10)),
      ...follow.map((name) => row(name, 12)),
      row('large', Math.floor(total) - 20),
      ...last.map((name) => row(name, 10)),
    ],
    end: true,
  })
  const ahead = async () => {
    const { items } = (await daemon.get<{ items: { name?: string; ahead: number }[] }>('/v1/workers')).body
    return items.flatMap((worker) => (worker.name === undefined ? [] : [`${worker.name} ${worker.ahead}`])).toSorted()
  }
  await until(async () => (await ahead()).join() === 'a 1,b 1,c 1,d 1', 'each place has one ahead')
  for (const gate of ['d', 'h']) log.open(gate)
  await log.untilWritten('+ e')
  expect(await ahead()).toEqual(['a 0', 'b 1', 'c 1', 'e 0'])
  for (const gate of ['a', 'b', 'c', ...follow, 'large', ...last]) log.open(gate)
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(13)
})

test('several idle places get what was sent ahead elsewhere, also while one host does not answer', async ({ log }) => {
  const daemon = await startDaemon() // whose hosts are of no other test: one is stopped
  const boss = await daemon.hire({
    scheduler: four,
    instructions: [
      ...['a', 'b', 'c', 'd'].map((name) => log.program(name, name)),
      ...Array.from({ length: 8 }, (_, i) => log.program(`short${i}`, 'short')),
    ],
  })
  const workers = async () => (await daemon.get<{ items: { pid: number; name?: string; ahead: number }[] }>('/v1/workers')).body.items
  const ahead = async () => (await workers()).filter((worker) => worker.ahead === 1).length
  await until(async () => log.begun.length === 4 && (await ahead()) === 4, 'each place has a long one, and one ahead')
  const { pid = 0 } = (await workers()).find(({ name }) => name === 'a') ?? {}
  process.kill(pid, 'SIGSTOP')
  for (const gate of ['short', 'c', 'd']) log.open(gate)
  const left = async () => (await workers()).find(({ name }) => name === 'a')?.ahead
  await until(async () => (await daemon.boss(boss)).counts.pending === (await left()), 'all but what the stopped one holds is done')
  process.kill(pid, 'SIGCONT')
  for (const gate of ['a', 'b']) log.open(gate)
  await daemon.tell(boss, 'end')
  expect((await daemon.reportOnceOver(boss)).workers_report).toHaveLength(12)
})
