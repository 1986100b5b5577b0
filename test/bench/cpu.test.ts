import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { cpuSeconds, kinds, noops } from '../../bench/daemon.js'
import { childrenOf } from '../../src/processes.js'
import { type Daemon, startDaemon } from '../support/daemon.js'

const n = 5000
const warmUp = 4
const rounds = 5
/**
 * CPU for 5,000 no-ops ÷ CPU of the yardstick, as it was when this was last set, times 1.6. It says nothing of seconds: another machine changes
 * both alike, and what else runs takes no CPU time of theirs. Whoever makes the line faster lowers it.
 */
const most = { daemon: 1.6 * 1.7, hosts: 1.6 * 0.6 }

/** Seconds of CPU that this thread took so far. */
const ownCpu = () => Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e9

/** What the line is made of, in an amount that never changes: JSON and rows of SQLite. @returns s of CPU. */
function yardstick(): number {
  const db = new Database(':memory:')
  db.exec('CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT')
  const insert = db.prepare('INSERT INTO row (body) VALUES (?)')
  const before = ownCpu()
  for (let turn = 0; turn < 100; turn++) {
    db.exec('BEGIN')
    for (let i = 0; i < 100; i++) {
      const text = JSON.stringify({
        name: `noop-${i}`,
        kind: 'noop',
        outcome: 'succeeded',
        report: i,
        cpus: [0, 1],
        usage: { wall: i / 7, cpu: 0 },
      })
      insert.run(JSON.stringify(JSON.parse(text)))
    }
    db.exec('COMMIT')
  }
  const seconds = ownCpu() - before
  db.close()
  return seconds
}

/** Gives the daemon no-ops and reads their reports back. @returns s of CPU of the daemon and of its worker hosts. */
async function cpuOf(daemon: Daemon): Promise<{ daemon: number; hosts: number }> {
  const hosts = () => childrenOf(daemon.pid).reduce((sum, pid) => sum + cpuSeconds(pid), 0)
  const boss = await daemon.hire({ scheduler: { limit: 'threads', max_threads: 2 } })
  const before = { daemon: cpuSeconds(daemon.pid), hosts: hosts() }
  const rows = { body: noops(n), headers: { 'content-type': 'application/x-ndjson' } }
  const appended = await daemon.call('POST', `/v1/bosses/${boss.id}/instructions`, rows)
  expect(appended.status, JSON.stringify(appended.body)).toBe(201)
  await daemon.tell(boss.id, 'end')
  const { body } = await daemon.get<Buffer>(`/v1/bosses/${boss.id}/report?interim=false`, {
    accept: 'application/x-ndjson',
    prefer: 'wait=60',
  })
  expect(body.toString().split('\n').length - 1).toBe(n)
  return { daemon: cpuSeconds(daemon.pid) - before.daemon, hosts: hosts() - before.hosts }
}

// CPU time is what counts; on a crowded machine it takes long to get it
test('the line takes no more CPU for an instruction than it did', async () => {
  const daemon = await startDaemon({ plugins: kinds })
  // it is compiled meanwhile
  for (let round = 0; round < warmUp; round++) await cpuOf(daemon)
  yardstick()
  const of = { daemon: Infinity, hosts: Infinity, yardstick: Infinity }
  for (let round = 0; round < rounds; round++) {
    // the least is what others on the machine disturbed least
    const found = await cpuOf(daemon)
    of.daemon = Math.min(of.daemon, found.daemon)
    of.hosts = Math.min(of.hosts, found.hosts)
    of.yardstick = Math.min(of.yardstick, yardstick())
  }
  const found = { daemon: of.daemon / of.yardstick, hosts: of.hosts / of.yardstick }
  await daemon.stop()
  expect(found.daemon, `daemon: ${found.daemon}, hosts: ${found.hosts}`).toBeLessThan(most.daemon)
  expect(found.hosts, `daemon: ${found.daemon}, hosts: ${found.hosts}`).toBeLessThan(most.hosts)
}, 180_000)
