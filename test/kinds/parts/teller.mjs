import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a throw says. */
const saidBy = (act) => {
  try {
    act()
    return 'nothing'
  } catch (error) {
    return `${error.name}: ${error.message}`
  }
}

/** Says what it is given, waits at a gate, and fails if it shall. */
export default {
  worker: 'teller',
  footprint: {
    attr: {
      kind: { values: ['teller'] },
      gate: { optional: true },
      times: { type: 'int', optional: true, default: 1 },
      fail: { type: 'bool', optional: true, default: false },
    },
  },
  async task({ gate, times, fail }, { progress, log }) {
    for (let step = 1; step <= times; step++) progress({ step })
    log.info('%d times', times, { gate: typeof gate })
    log.error('a first warning')
    while (gate !== undefined && !existsSync(gate)) await sleep(5)
    log.warn('and the last')
    if (fail) throw new Error('as told')
    // what is left running when a task has ended is not heard
    setTimeout(() => (progress('late'), log.info('late')), 1)
    return [undefined, 1n, 'x'.repeat(20_000)].map((value) => saidBy(() => progress(value)))
  },
}
