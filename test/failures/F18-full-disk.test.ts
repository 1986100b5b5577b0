import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon, type Appended, type Problem } from '../support/daemon.js'
import { Logbook } from '../support/logbook.js'
import { disks } from '../support/small-disk.js'
import { tempDir, until } from '../support/temp.js'

interface Ready {
  readonly reasons?: string[]
}
const large = 'x'.repeat(20_000)

test.each(disks)(
  'a disk that is %s under load: nothing acknowledged is lost, what runs goes on, and it recovers by itself',
  async (_, diskOf) => {
    const disk = diskOf({ mebibytes: 48, mostOfFile: 0 })
    const daemon = await startDaemon({ data: join(disk.dir, 'data') })
    const log = new Logbook(tempDir())
    const held = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 1 }, instructions: [log.gated('held', 'gate')] })
    await log.untilWritten('+ held')
    const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 } })
    /** How many rows were acknowledged, and what each was refused with. */
    let acknowledged = 0
    const refusals: Problem[] = []
    let writing = true
    const writer = async () => {
      while (writing) {
        const json = { instructions: Array.from({ length: 5 }, (_, i) => ({ kind: 'command', program: 'true', args: [large], value: i })) }
        const { status, body } = await daemon.call<Appended & Problem>('POST', `/v1/bosses/${boss.id}/instructions`, { json })
        if (status === 201) acknowledged += body.count
        else refusals.push(body)
      }
    }
    const writers = [writer(), writer(), writer(), writer()]
    await until(() => acknowledged > 20, 'some are taken')
    disk.fill([daemon.pid])
    await until(() => refusals.length > 3, 'appends are refused')
    expect(new Set(refusals.map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(['507 store-refuses']))
    expect(refusals[0]?.detail).toMatch(/disk is full|I\/O error/)
    const ready = await until(async () => {
      const answer = await daemon.get<Ready>('/readyz')
      return answer.status === 503 ? answer : undefined
    }, 'it is not ready')
    expect(ready.body.reasons?.join()).toMatch(/the store refuses: .*(full|I\/O)/)
    // what runs goes on; its report is held
    log.open('gate')
    await log.untilWritten('- held')
    expect((await daemon.boss(held)).counts).toMatchObject({ working: 1, succeeded: 0 })
    writing = false
    await Promise.all(writers)

    disk.clear()
    await until(async () => (await daemon.get('/readyz')).status === 200, 'it is ready by itself')
    await daemon.tell(held, 'end')
    expect((await daemon.reportOnceOver(held)).workers_report).toMatchObject([{ outcome: 'succeeded', attempt: 1 }])
    await daemon.tell(boss, 'end')
    const { status, workers_report: entries } = await daemon.reportOnceOver(boss)
    expect(status).toBe('finished')
    // each acknowledged one exactly once, and of what was refused nothing
    expect(entries.map(({ instruction }) => instruction).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: acknowledged }, (_, i) => i + 1),
    )
    await daemon.stop()
  },
)

test.each(disks)(
  'output for which a disk that is %s has no room is cut, and said to be; program and report do not suffer',
  async (how, diskOf) => {
    const disk = diskOf({ mebibytes: 32, mostOfFile: 12 })
    const daemon = await startDaemon({ data: join(disk.dir, 'data') })
    const log = new Logbook(tempDir())
    const script = `echo "+ $0" >> "$1"; until [ -e "$2" ]; do sleep 0.02; done; head -c 25000000 /dev/zero | tr '\\0' x; echo end >&2`
    const boss = await daemon.hire({
      scheduler: { limit: 'threads', max_threads: 2 },
      common_instructions: { kind: 'command', program: 'sh' },
      individual_instructions: { args: ['a', 'b', 'c'].map((name) => ['-c', script, name, log.file, log.gate('gate')]) },
      end: true,
    })
    await until(() => log.begun.length === 2, 'two run')
    if (how === 'failing') {
      const { items } = (await daemon.get<{ items: { pid: number }[] }>('/v1/workers')).body
      disk.fill(items.map(({ pid }) => pid))
    }
    log.open('gate')
    const { workers_report: entries } = await daemon.reportOnceOver(boss)
    const kept: number[] = []
    for (const { outcome, report, instruction } of entries) {
      // one that is done before another begins may find room for all of it
      const whole = { stdout: { written: 25_000_000, kept: 25_000_000 } }
      const { cut = whole, stderr } = report as { cut?: typeof whole; stderr: string }
      expect({ outcome, stderr, written: cut.stdout.written }).toEqual({ outcome: 'succeeded', stderr: 'end\n', written: 25_000_000 })
      const output = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/instructions/${instruction}/output`)
      expect(output.body.length).toBe(cut.stdout.kept)
      expect(output.headers.get('taylord-cut')).toBe(cut === whole ? null : `written=25000000, kept=${cut.stdout.kept}`)
      kept.push(cut.stdout.kept)
    }
    expect(Math.max(...kept)).toBeGreaterThan(1_000_000)
    expect(Math.min(...kept)).toBeLessThan(25_000_000)
    // the last room is the database's
    expect((await daemon.get('/readyz')).status).toBe(200)
    await daemon.stop()
  },
)
