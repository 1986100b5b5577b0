import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from './follow.ts'
import type { Outcome, Part, Soak } from './part.ts'
import { Random } from './random.ts'
import { Taylord } from './taylord.ts'

/** Instructions that race at once, and workers that carry them out. */
const slice = 64
const workers = 8

/** Ends of instructions against their cancels and timeouts: whatever comes first is the end, and the only one. */
async function run({ seed, size, dir, say }: Soak): Promise<Outcome> {
  const random = new Random(seed)
  const breaches: string[] = []
  const daemon = new Taylord(join(dir, 'data'), undefined, ['--slots', String(workers)])
  const answers: Record<number, number> = {}
  const answered = new Map<number, number>()
  const reported = new Map<number, number>()
  let boss = 0
  /** ms between the turns of two instructions, as far as known: a cancel is to come neither too early nor too late. */
  let paceMs = 2
  const raceAll = async (first: number, n: number) => {
    const rows = Array.from({ length: n }, (_, at) => {
      const ms = random.integer(5, 40)
      // every other one has a timeout at about its own end, the others are cancelled at about theirs
      return { kind: 'sleeper', sleeping_time: ms / 1000, ...(at % 2 === 0 && { timeout: (ms * (0.2 + random.next())) / 1000 }) }
    })
    await daemon.ask('POST', `/v1/bosses/${boss}/instructions`, { json: { instructions: rows } })
    let late = 0
    const cancel = async (at: number) => {
      await sleep(random.next() * 2 * paceMs * (at + workers))
      const { status, text } = await daemon.call('DELETE', `/v1/bosses/${boss}/instructions/${first + at}`)
      answers[status] = (answers[status] ?? 0) + 1
      answered.set(first + at, status)
      if (status === 409) late++
      if (![200, 202, 409].includes(status)) breaches.push(`a cancel answered ${status}: ${text}`)
    }
    await Promise.all(rows.flatMap((_, at) => (at % 2 === 1 ? [cancel(at)] : [])))
    paceMs *= late > n / 4 ? 0.95 : 1.05
    for (const end = Date.now() + 60_000; reported.size < first - 1 + n; await sleep(1)) {
      if (Date.now() > end) throw new Error(`of the first ${first - 1 + n} a follower was told of ${reported.size} ends within a minute`)
    }
  }
  try {
    await daemon.listening
    const scheduler = { limit: 'threads', max_threads: workers }
    ;({ id: boss } = await daemon.ask<{ id: number }>('POST', '/v1/bosses', { json: { scheduler } }))
    const socket = follow(daemon, 0, ({ type, instruction = 0 }) => {
      if (type === 'gap') breaches.push('a follower that reads at once was told of a gap')
      if (type !== 'instruction.reported') return
      reported.set(instruction, (reported.get(instruction) ?? 0) + 1)
      if (reported.size % 1_000 === 0) say(`${reported.size} ended`)
    })
    for (let done = 0; done < size; done += slice) await raceAll(done + 1, Math.min(slice, size - done))
    await daemon.ask('POST', `/v1/bosses/${boss}/end`)
    await daemon.call('GET', `/v1/bosses/${boss}/report?interim=false&limit=1`, { headers: { prefer: 'wait=600' } })
    const { text } = await daemon.call('GET', `/v1/bosses/${boss}/report?interim=false`, { headers: { accept: 'application/x-ndjson' } })
    socket.terminate()
    const ends: Record<string, number> = {}
    const seen = new Set<number>()
    for (const line of text.split('\n').filter(Boolean)) {
      const { instruction, outcome, cause, attempt } = JSON.parse(line) as Record<string, string | number> & { instruction: number }
      const how = String(cause ?? outcome)
      ends[how] = (ends[how] ?? 0) + 1
      if (seen.has(instruction)) breaches.push(`it ended twice: ${line}`)
      seen.add(instruction)
      if (attempt !== 1) breaches.push(`it was tried more than once: ${line}`)
      if (answered.get(instruction) === 200 && how !== 'requested') breaches.push(`it was said to be cancelled: ${line}`)
      if (!['succeeded', instruction % 2 === 1 ? 'timeout' : 'requested'].includes(how)) breaches.push(`it cannot end so: ${line}`)
    }
    if (seen.size !== size) breaches.push(`${seen.size} of ${size} have a report`)
    for (const [id, times] of reported) if (times !== 1) breaches.push(`${times} events tell the end of ${id}`)
    if (reported.size !== size) breaches.push(`${reported.size} of ${size} ends were told to a follower`)
    const { counts } = await daemon.ask<{ counts: Record<string, number> }>('GET', `/v1/bosses/${boss}`)
    const expected = {
      pending: 0,
      working: 0,
      succeeded: ends['succeeded'] ?? 0,
      failed: ends['timeout'] ?? 0,
      cancelled: ends['requested'] ?? 0,
    }
    if (JSON.stringify(counts) !== JSON.stringify(expected))
      breaches.push(`the Boss counts ${JSON.stringify(counts)}, its report ${JSON.stringify(expected)}`)
    await daemon.stop()
    return {
      breaches,
      figures: {
        ...Object.fromEntries(Object.entries(ends).map(([how, n]) => [`ended: ${how}`, n])),
        ...Object.fromEntries(Object.entries(answers).map(([status, n]) => [`cancels answered ${status}`, n])),
      },
    }
  } finally {
    await daemon.kill()
  }
}

export const race: Part = {
  help: 'ends of instructions against their cancels and timeouts: one end each',
  unit: 'races',
  size: 100_000,
  run,
}
