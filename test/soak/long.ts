import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from './follow.ts'
import type { Outcome, Part, Soak } from './part.ts'
import { Taylord } from './taylord.ts'

/** Instructions of one Boss, and how many may wait. */
const ofBoss = 50_000
const most = 100_000
const longestMs = 30 * 60_000
const limits = { rssMiB: 50, files: 20, walMiB: 64 }

interface Sample {
  readonly done: number
  readonly seconds: number
  readonly rssMiB: number
  readonly files: number
  readonly walMiB: number
  readonly dbMiB: number
}

const MiB = 2 ** 20
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0

function sample(daemon: Taylord, data: string, done: number, began: number): Sample {
  const status = readFileSync(`/proc/${daemon.pid}/status`, 'latin1')
  return {
    done,
    seconds: (performance.now() - began) / 1000,
    rssMiB: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024,
    files: readdirSync(`/proc/${daemon.pid}/fd`).length,
    walMiB: sizeOf(join(data, 'taylord.db-wal')) / MiB,
    dbMiB: sizeOf(join(data, 'taylord.db')) / MiB,
  }
}

/** Many instructions through one daemon, with a follower and readers of reports: it stays as small as it was. */
async function run({ size, dir, say }: Soak): Promise<Outcome> {
  const data = join(dir, 'data')
  const daemon = new Taylord(data)
  const breaches: string[] = []
  const samples: Sample[] = []
  let given = 0
  let done = 0
  let told = 0
  let walMiB = 0
  try {
    await daemon.listening
    const began = performance.now()
    const late = () => performance.now() - began > longestMs
    const socket = follow(daemon, 0, ({ type }) => {
      if (type === 'instruction.reported') told++
    })
    const oneBoss = async () => {
      const n = Math.min(ofBoss, size - given)
      given += n
      const { id } = await daemon.ask<{ id: number }>('POST', '/v1/bosses', { json: { scheduler: { limit: 'threads', max_threads: 2 } } })
      const rows = Array.from({ length: n }, (_, value) => `{"kind":"noop","value":${value}}`)
      await daemon.ask('POST', `/v1/bosses/${id}/instructions`, { ndjson: rows.join('\n') })
      await daemon.ask('POST', `/v1/bosses/${id}/end`)
      // page by page while it goes on, as a client does that shows progress
      let read = 0
      for (let after = 0; read < n && !late(); ) {
        const page = await daemon.ask<{ workers_report: { seq: number; outcome: string; report: number; instruction: number }[] }>(
          'GET',
          `/v1/bosses/${id}/report?after=${after}&limit=5000`,
        )
        for (const entry of page.workers_report) {
          if (entry.outcome !== 'succeeded' || entry.report !== entry.instruction - 1)
            breaches.push(`it cannot end so: ${JSON.stringify(entry)}`)
        }
        after = page.workers_report.at(-1)?.seq ?? after
        read += page.workers_report.length
        done += page.workers_report.length
        if (page.workers_report.length === 0) await sleep(20)
      }
    }
    const client = async () => {
      while (given < size && !late()) await oneBoss()
    }
    const watch = async (over: () => boolean) => {
      while (!over()) {
        await sleep(50)
        walMiB = Math.max(walMiB, sizeOf(join(data, 'taylord.db-wal')) / MiB)
        const share = Math.max(done / size, (performance.now() - began) / longestMs)
        if (share < (samples.length + 1) / 10 && !over()) continue
        samples.push(sample(daemon, data, done, began))
        say(`${done} done`)
      }
    }
    let over = false
    const clients = Promise.all(Array.from({ length: most / ofBoss }, client)).finally(() => (over = true))
    await Promise.all([clients, watch(() => over)])
    for (const end = Date.now() + 10_000; told < done && Date.now() < end; ) await sleep(20)
    if (told < done) breaches.push(`a follower was told of ${told} ends of ${done}`)
    socket.terminate()
    await daemon.stop()
    const [first, last] = [samples[0], samples.at(-1)]
    if (!first || !last || samples.length < 2) return { breaches: ['there are too few samples'], figures: {} }
    if (done < size && last.seconds * 1000 < longestMs) breaches.push(`${done} of ${size} were done`)
    if (last.rssMiB > first.rssMiB + limits.rssMiB) breaches.push(`the daemon grew by ${(last.rssMiB - first.rssMiB).toFixed(0)} MiB`)
    if (last.files > first.files + limits.files) breaches.push(`the daemon has ${last.files - first.files} more files open than at first`)
    if (walMiB > limits.walMiB) breaches.push(`the WAL had ${walMiB.toFixed(0)} MiB`)
    return {
      breaches,
      figures: {
        'instructions done': done,
        'a second': Math.round(done / last.seconds),
        'largest WAL, MiB': walMiB.toFixed(1),
        ...Object.fromEntries(samples.map((one, at) => [`at ${Math.min(100, 10 * (at + 1))} %`, lineOf(one)])),
      },
    }
  } finally {
    await daemon.kill()
  }
}

const lineOf = ({ rssMiB, files, walMiB, dbMiB, done, seconds }: Sample) =>
  `${done} in ${seconds.toFixed(0)} s: RSS ${rssMiB.toFixed(0)} MiB, ${files} files, WAL ${walMiB.toFixed(1)} MiB, database ${dbMiB.toFixed(0)} MiB`

export const long: Part = {
  help: 'many instructions, or 30 minutes of them: memory, open files and WAL of the daemon stay flat',
  unit: 'instructions',
  size: 2_000_000,
  run,
}
