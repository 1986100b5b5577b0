// The least that a worker of Node's costs between two tasks: naps as they are told on the command line, in ms, and writes when each began and
// ended to its parent, one write each, as a worker must if its reports are not to wait for the next task.
import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

const now = () => Number(process.hrtime.bigint()) / 1e6
const never = new Int32Array(new SharedArrayBuffer(4))

for (const ms of process.argv.slice(2).map(Number)) {
  const began = now()
  Atomics.wait(never, 0, 0, ms)
  writeSync(1, `${JSON.stringify([began, now()])}\n`)
  await setImmediate() // what came in meanwhile is read
}
