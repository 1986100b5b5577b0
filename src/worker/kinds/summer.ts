import type { SharedArray } from '../../arrays/shared-array.js'
import type { Task } from '../task.js'

const task: Task = (instruction, { signal }) => {
  const { value, shared_sum: sum, use_lock: locked } = instruction as { value: number; shared_sum: SharedArray; use_lock: boolean }
  const add = () => {
    const { data } = sum
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[0] = (data[0] ?? 0n) + BigInt(value)
    else data[0] = (data[0] ?? 0) + value
  }
  return locked ? sum.lock(add, { signal }) : add()
}

/** taylorism's example: adds its value to the first element of a shared array. Without the lock the sum may be wrong. */
export default {
  worker: 'summer',
  footprint: {
    attr: {
      kind: { values: ['summer'] },
      value: { type: 'int' as const, info: 'what to add' },
      shared_sum: { type: 'array' as const, info: 'shared array of numbers; the sum is its first element' },
      use_lock: { type: 'bool' as const, optional: true, default: true, info: 'false: take no lock, and risk a wrong sum' },
    },
  },
  task,
}
