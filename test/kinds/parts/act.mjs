// The worker of the lifecycle vectors: what taylorism's own did when they were recorded, in its words.
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

class Boom extends Error {
  name = 'Boom'
}
class TwoArgs extends Error {
  name = 'TwoArgs'
}

const ends = {
  ok: ({ value }) => value,
  dict: ({ value }, { scheduler_ticket }) => ({ value, ticket: scheduler_ticket, rc: true }),
  raise: ({ value }) => {
    throw new Boom(`boom ${value}`)
  },
  'raise-twoargs': () => {
    throw new TwoArgs('a and b')
  },
  sysexit: () => process.exit(3),
  osexit: () => process.reallyExit(7),
  sigkill: () => process.kill(process.pid, 'SIGKILL') && new Promise(() => {}),
  unpicklable: () => 1n,
  // what no JSON holds, as an error
  'raise-unpicklable': () => {
    throw Object.assign(new Boom('unpicklable'), { self: 1n })
  },
  'return-exception': ({ value }) => new Boom(`returned ${value}`),
}

/** Goes by a clock, where it says when it will end. */
function beginBy({ clock, t }, { instruction: id }) {
  const now = () => Number(readFileSync(`${clock}/now`, 'utf8'))
  const at = now() + t
  const file = `${clock}/${id} ${at}`
  writeFileSync(file, '')
  return {
    async reached(signal) {
      while (now() < at) await sleep(5, undefined, { signal })
    },
    remove: () => rmSync(file),
  }
}

export default {
  worker: 'act',
  footprint: {
    attr: {
      kind: { values: ['act'] },
      mark: { info: 'file that is told what happens' },
      t: { type: 'float', optional: true, default: 0, info: 's' },
      clock: { optional: true, info: 'directory of a clock that it goes by: see test/lifecycle/clock.ts' },
      value: { optional: true, default: 'ok' },
      outcome: { optional: true, default: 'ok' },
    },
  },
  async task(instruction, context) {
    const { name, mark, t, outcome, clock } = instruction
    const note = (what) => appendFileSync(mark, `${name} ${what}\n`)
    note('start')
    const end = clock ? beginBy(instruction, context) : undefined
    try {
      await (end ? end.reached(context.signal) : sleep(t * 1000, undefined, { signal: context.signal }))
      const report = await (ends[outcome] ?? ends.ok)(instruction, context)
      note('done')
      return report
    } catch (error) {
      if (error.name !== 'AbortError') throw error
      note('interrupted SignalInterruptError')
      if (outcome === 'stubborn') for (;;);
      if (outcome === 'cleanup') {
        await sleep(500)
        note('cleaned')
      }
      throw error
    } finally {
      end?.remove()
    }
  },
}
