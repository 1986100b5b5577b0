// Loaded into a daemon before its own code: on SIGUSR2 it does to a thread what the file `thread` in TMPDIR says, `writer` or `reader`, and
// `end` or `throw`.
import { subscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const threads = []
subscribe('worker_threads', ({ worker }) => threads.push(worker))
process.on('SIGUSR2', () => {
  const [who, how] = readFileSync(join(process.env.TMPDIR, 'thread'), 'utf8').split(' ')
  const thread = who === 'writer' ? threads[0] : threads.at(-1)
  if (how === 'end') void thread.terminate()
  else thread.postMessage(null) // no message that it knows
})
