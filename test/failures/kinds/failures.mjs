// kinds that the tests of failures hire: tasks that take too much, start what outlives them, or never come back
import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'

const kept = []
const hold = (mib) => kept.push(Buffer.alloc(mib * 2 ** 20, 1))
const never = () => new Promise(() => {})
const kinds = {
  // takes more and more, and its process hears nothing meanwhile
  glutton: ({ most }) => {
    for (let mib = 0; mib < (most ?? Infinity); mib += 4) {
      hold(4)
      for (const end = performance.now() + 5; performance.now() < end; );
    }
  },
  // takes some and gives it back when it ends
  spike: async ({ mib, ms }) => {
    const some = Buffer.alloc(mib * 2 ** 20, 1)
    await new Promise((resolve) => setTimeout(resolve, ms))
    return some.length
  },
  // keeps what it took, as a leak does
  leak: ({ mib }) => {
    hold(mib)
    return process.pid
  },
  // lets a program take more and more
  feeder: ({ program, args }) => {
    spawn(program, args, { stdio: 'ignore' })
    return never()
  },
  pid: () => process.pid,
  count: ({ file }) => appendFileSync(file, 'x'),
  busy: ({ ms, file }) => {
    appendFileSync(file, 'x')
    for (const end = performance.now() + ms; performance.now() < end; );
  },
  // says that it runs, and runs until it is ended
  runs: ({ file }) => {
    writeFileSync(file, String(process.pid))
    return never()
  },
}

export default Object.entries(kinds).map(([worker, task]) => ({
  worker,
  footprint: {
    attr: {
      kind: { values: [worker] },
      file: { optional: true },
      most: { type: 'int', optional: true },
      mib: { type: 'int', optional: true },
      ms: { type: 'int', optional: true },
      program: { optional: true },
      args: { type: 'FPList', optional: true },
    },
  },
  task,
}))
