import { readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { follow } from './follow.ts'
import type { Outcome, Part, Soak } from './part.ts'
import { Random } from './random.ts'
import { Taylord } from './taylord.ts'

/** Instructions of one Boss; when it is over everything must be gone. */
const batch = 400
/** How long what was killed may take to be gone. */
const goneMs = 10_000

/** What programs do that are hard to end; `$0` is a program that lasts, and says by its name who started it. */
const forms: Readonly<Record<string, string>> = {
  deaf: `trap '' TERM HUP INT; "$0" 600`,
  fork: `trap '' TERM HUP INT; "$0" 600 & "$0" 600 & wait`,
  twice: `trap '' TERM HUP INT; ( "$0" 600 & ); "$0" 600`,
  setsid: `trap '' TERM HUP INT; setsid "$0" 600 & "$0" 600`,
  daemon: `trap '' TERM HUP INT; ( setsid "$0" 600 & ); "$0" 600`,
  cleared: `trap '' TERM HUP INT; ( setsid env -i "$0" 600 & ); "$0" 600`,
  leaves: `trap '' TERM HUP INT; ( setsid sh -c '( "$0" 600 & )' "$0" & ); exec "$0" 600`,
}
interface Process {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly zombie: boolean
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, name = '', state, parent] = /^\d+ \((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? []
        return [{ pid: Number(pid), parent: Number(parent), name, zombie: state === 'Z' }]
      } catch {
        return [] // gone meanwhile
      }
    })
}

/** Zombies of this daemon and of all that it started. */
function zombiesUnder(pid: number): Process[] {
  const all = processes()
  const tree = new Set([pid])
  for (let before = 0; before < tree.size; ) {
    before = tree.size
    for (const { pid: child, parent } of all) if (tree.has(parent)) tree.add(child)
  }
  return all.filter(({ parent, zombie }) => zombie && tree.has(parent))
}

const lasting = (dir: string): number[] =>
  processes()
    .filter(({ name, zombie }) => name.startsWith('lasting') && !zombie)
    .map(({ pid }) => pid)
    .filter((pid) => commandOf(pid).includes(dir))

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}

/** Cancels and timeouts of programs that ignore SIGTERM and spread: none is left, no zombie either. */
async function run({ seed, size, dir, say }: Soak): Promise<Outcome> {
  const random = new Random(seed)
  const breaches: string[] = []
  for (const form of Object.keys(forms)) symlinkSync('/bin/sleep', join(dir, `lasting-${form}`))
  const daemon = new Taylord(join(dir, 'data'), undefined, ['--slots', '16'])
  const rowOf = (form: string, script: string) => ({
    kind: 'command',
    program: 'sh',
    args: ['-c', script, join(dir, `lasting-${form}`)],
    grace: random.of([
      [1, 0],
      [1, 0.02],
      [1, 0.1],
    ]),
    // the others are cancelled some time after they have begun
    ...(random.chance(0.5) && { timeout: random.integer(10, 200) / 1000 }),
  })
  const carryOut = async (rows: readonly Record<string, unknown>[]) => {
    const { id } = await daemon.ask<{ id: number }>('POST', '/v1/bosses', {
      json: { scheduler: { limit: 'threads', max_threads: 16 }, instructions: rows, end: true },
    })
    const cancels: Promise<unknown>[] = []
    const cancelled = new Set<number>()
    const cancel = async (instruction: number, afterMs: number) => {
      await sleep(afterMs)
      await daemon.call('DELETE', `/v1/bosses/${id}/instructions/${instruction}`)
    }
    const socket = follow(daemon, 0, ({ boss, type, instruction = 0 }) => {
      if (boss !== id || type !== 'instruction.started' || rows[instruction - 1]?.['timeout'] !== undefined) return
      if (!cancelled.has(instruction)) cancels.push(cancel(instruction, random.integer(0, 200)))
      cancelled.add(instruction)
    })
    const { text } = await daemon.call('GET', `/v1/bosses/${id}/report?interim=false&limit=10000`, { headers: { prefer: 'wait=600' } })
    socket.terminate()
    await Promise.all(cancels)
    const { workers_report = [] } = JSON.parse(text) as { workers_report?: { instruction: number; cause: string; outcome: string }[] }
    if (workers_report.length !== rows.length)
      breaches.push(`${workers_report.length} of ${rows.length} were reported: ${text.slice(0, 300)}`)
    for (const entry of workers_report) {
      const cause = rows[entry.instruction - 1]?.['timeout'] === undefined ? 'requested' : 'timeout'
      if (entry.cause !== cause) breaches.push(`it should end by ${cause}: ${JSON.stringify(entry)}`)
    }
  }
  const untilGone = async (): Promise<number[]> => {
    const end = Date.now() + goneMs
    while (lasting(dir).length > 0 && Date.now() < end) await sleep(20)
    return lasting(dir)
  }
  let survivors = 0
  try {
    await daemon.listening
    const names = Object.keys(forms)
    for (let done = 0; done < size; done += batch) {
      await carryOut(
        Array.from({ length: Math.min(batch, size - done) }, (_, at) => {
          const form = names[at % names.length] ?? ''
          return rowOf(form, forms[form] ?? '')
        }),
      )
      const left = await untilGone()
      survivors += left.length
      for (const pid of left) {
        breaches.push(`a program outlived its instruction: ${commandOf(pid)}`)
        process.kill(pid, 'SIGKILL')
      }
      say(`${done + batch} programs ended, ${survivors} survivors`)
    }
    const zombies = zombiesUnder(daemon.pid)
    for (const { name, parent } of zombies) breaches.push(`a zombie ${name} of ${parent} ${commandOf(parent)}`)

    await daemon.stop()
    return {
      breaches,
      figures: {
        'programs ended': size,
        survivors,
        zombies: zombies.length,
      },
    }
  } finally {
    await daemon.kill()
  }
}

export const kill: Part = {
  help: 'cancels and timeouts of programs that ignore SIGTERM, fork, fork twice, leave their session: no survivor, no zombie',
  unit: 'programs',
  size: 10_000,
  run,
}
