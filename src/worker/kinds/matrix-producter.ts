import type { SharedArray } from '../../arrays/shared-array.js'
import type { Task } from '../task.js'

interface Block {
  readonly A: SharedArray
  readonly B: SharedArray
  readonly C: SharedArray
  readonly i1: number
  readonly i2: number
  readonly j1: number
  readonly j2: number
}

const task: Task = (instruction) => {
  const { A, B, C, i1, i2, j1, j2 } = instruction as unknown as Block
  const inner = A.shape[1] ?? 0
  for (let i = i1; i <= i2; i++) {
    for (let j = j1; j <= j2; j++) {
      let sum = 0
      for (let k = 0; k < inner; k++) sum += Number(A.data[A.at(i, k)]) * Number(B.data[B.at(k, j)])
      C.data[C.at(i, j)] = sum
    }
  }
}

const index = { type: 'int' as const }

/** taylorism's example: one block of C = A × B, rows i1 to i2 and columns j1 to j2, ends included. */
export default {
  worker: 'matrix-producter',
  footprint: {
    attr: {
      kind: { values: ['matrix-producter'] },
      A: { type: 'array' as const, info: 'shared matrix' },
      B: { type: 'array' as const, info: 'shared matrix' },
      C: { type: 'array' as const, info: 'shared matrix of float32 or float64' },
      i1: { ...index, info: 'first row of the block' },
      i2: { ...index, info: 'last row of the block' },
      j1: { ...index, info: 'first column of the block' },
      j2: { ...index, info: 'last column of the block' },
    },
  },
  task,
}
