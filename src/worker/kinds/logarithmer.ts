import type { SharedArray } from '../../arrays/shared-array.js'
import type { Task } from '../task.js'

const task: Task = (instruction) => {
  const { row, array } = instruction as { row: number; array: SharedArray }
  const { data, shape } = array
  const columns = shape[1] ?? 0
  for (let j = 0; j < columns; j++) {
    const at = array.at(row, j)
    data[at] = Math.log(Number(data[at]))
  }
}

/** taylorism's example: takes the logarithm of one row of a shared matrix of floats, in place. */
export default {
  worker: 'logarithmer',
  footprint: {
    attr: {
      kind: { values: ['logarithmer'] },
      row: { type: 'int' as const, info: 'index of the row' },
      array: { type: 'array' as const, info: 'shared matrix of float32 or float64' },
    },
  },
  task,
}
