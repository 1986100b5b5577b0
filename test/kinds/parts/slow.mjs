// Kinds that tests use and that last: a test opens their gate, a file, when it has seen what it wants to see.
import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const kind = (worker, attr, task) => ({ worker, footprint: { attr: { kind: { values: [worker] }, ...attr } }, task })
const log = (file, line) => file && appendFileSync(file, `${line}\n`)

export default [
  // lasts until the file `gate` is there, and writes when it begins and ends
  kind('gated', { gate: {}, log: { optional: true } }, async ({ name, gate, log: file }, { signal }) => {
    log(file, `+ ${name}`)
    while (!existsSync(gate)) await sleep(5, undefined, { signal })
    log(file, `- ${name}`)
    return name
  }),
  // lasts for `ms`, and writes when it begins and ends
  kind('logging', { log: {}, ms: { type: 'float', optional: true, default: 0 } }, async ({ name, log: file, ms }, { signal }) => {
    log(file, `+ ${name}`)
    await sleep(ms, undefined, { signal })
    log(file, `- ${name}`)
    return name
  }),
  // blocks its process until the file `gate` is there, or lasts for `ms` without one, and writes when it begins and ends
  kind(
    'blocking',
    { log: {}, gate: { optional: true }, ms: { type: 'float', optional: true, default: 0 } },
    async ({ name, log: file, gate, ms }) => {
      log(file, `+ ${name}`)
      if (gate) while (!existsSync(gate));
      else await sleep(ms)
      log(file, `- ${name}`)
    },
  ),
  // lasts as long as what it starts, and does not mind how that ends
  kind('shell', { script: {} }, ({ script }) => spawnSync('sh', ['-c', script]).signal),
  // never gives its process back
  kind('busy', { log: { optional: true } }, ({ name, log: file }) => {
    log(file, `+ ${name}`)
    for (;;);
  }),
]
