// kinds that the tests of the crew hire: each does one thing that a user's task might do
import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'

const later = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

const kinds = {
  noop: () => null,
  echo: (instruction, { signal, cpus, scheduler_ticket, boss, instruction: id, attempt }) => ({
    instruction,
    context: { cpus, scheduler_ticket, boss, instruction: id, attempt },
    aborted: signal.aborted,
  }),
  nap: ({ ms }, { signal }) => later(ms, signal),
  // hears that it shall stop, and ends as if nothing were
  obliging: async (_, { signal }) => later(60_000, signal).catch(() => 'as far as I came'),
  spin: ({ ms }) => {
    for (const end = performance.now() + ms; performance.now() < end; );
  },
  // tells that it runs, and hears nothing from then on
  blocker: ({ file }) => {
    writeFileSync(file, '')
    for (;;);
  },
  thrower: () => {
    throw new RangeError('too far')
  },
  rejecter: async () => {
    throw new TypeError('not that')
  },
  exiter: ({ code }) => process.exit(code),
  killed: () => process.kill(process.pid, 'SIGKILL'),
  cycle: () => {
    const circle = {}
    circle.circle = circle
    return circle
  },
  big: () => 1n,
  // something goes wrong outside of its promise
  stray: () => {
    setTimeout(() => {
      throw new Error('strayed')
    }, 1)
    return new Promise(() => {})
  },
  long: ({ length }) => 'x'.repeat(length),
  pid: () => process.pid,
  talker: ({ text }) => {
    process.stderr.write(text)
    process.exit(9)
  },
  parent: ({ program, args }) => {
    const child = spawn(program, args, { stdio: 'ignore' })
    return new Promise((resolve) => child.once('spawn', () => resolve(child.pid)))
  },
  // does not heed the signal: ends when its program does
  waiter: ({ script }) =>
    new Promise((resolve) => spawn('sh', ['-c', script], { stdio: 'ignore' }).once('exit', (code, signal) => resolve(code ?? signal))),
  // the same, and its process hears nothing meanwhile
  blocked: ({ script }) => execFileSync('sh', ['-c', script], { stdio: 'ignore' }),
  // ends at once when it is asked to, whatever its program does
  leaver: ({ script }, { signal }) => {
    spawn('sh', ['-c', script], { stdio: 'ignore' })
    return later(60_000, signal)
  },
  // hears a signal as any program does
  listener: ({ file }) =>
    new Promise((resolve) => {
      process.once('SIGTERM', resolve)
      writeFileSync(file, String(process.pid))
    }),
}

export default Object.entries(kinds).map(([worker, task]) => ({
  worker,
  footprint: { attr: { kind: { values: [worker] } } },
  task,
}))
