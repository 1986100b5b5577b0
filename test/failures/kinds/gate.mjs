// a module that takes as long to load as a test wants: it waits where a file named by TMPDIR is, in worker processes only
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const closed = join(process.env.TMPDIR ?? '/', 'gate-closed')
if (process.env.TAYLORD_HOST_TOKEN && existsSync(closed)) {
  writeFileSync(`${closed}.waiting`, String(process.pid))
  while (existsSync(closed)) await setTimeout(10)
}
export default { worker: 'gate', footprint: { attr: { kind: { values: ['gate'] } } }, task: () => 'through' }
