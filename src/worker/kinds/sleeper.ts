import { setTimeout } from 'node:timers/promises'
import type { Objection } from '../../footprint/definition.js'
import { pythonText } from '../../footprint/python.js'
import type { Task } from '../task.js'

/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1

const python = (cpus: readonly (number | null)[]) => `[${cpus.map((cpu) => cpu ?? 'None').join(', ')}]`
const seconds = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : pythonText(value))

const task: Task = async (instruction, { signal, binding }) => {
  const { sleeping_time: time, wakeup_sentence: sentence } = instruction as { sleeping_time: number; wakeup_sentence: string }
  for (let left = time * 1000; left > 0; left -= longestMs) await setTimeout(Math.min(left, longestMs), undefined, { signal })
  return `${sentence} Woke up after ${seconds(time)} s sleep on cpu ${python(binding())}`
}

const objection: Objection = ({ sleeping_time: time }) =>
  Number(time) >= 0 ? undefined : { attribute: 'sleeping_time', mustBe: 'seconds, 0 or more' }

/** taylorism's example: sleeps, and says for how long and where. Any time ≥ 0 (taylorism has a fixed list). */
export default {
  worker: 'sleeper',
  footprint: {
    attr: {
      kind: { values: ['sleeper'] },
      sleeping_time: { type: 'float' as const, info: 's to sleep' },
      wakeup_sentence: { optional: true, default: 'Hello !', info: 'what to say on waking up' },
    },
  },
  objection,
  task,
}
