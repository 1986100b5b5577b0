// The floor of an append: fastify with one route that reads the same JSON and gives an answer of the same size, no scheduler behind it.
// `node append.ts`: it keeps nothing; `node append.ts FILE`: it answers when the row is committed. Over IPC it sends its address.
import { fastify } from 'fastify'
import { FloorStore } from './store.ts'

const [, , file] = process.argv
const store = file === undefined ? undefined : new FloorStore(file)
const app = fastify()
let last = 0

app.post<{ Body: { instructions: unknown[] } }>('/v1/bosses/:boss/instructions', async ({ body: { instructions } }, reply) => {
  const first = last + 1
  last += instructions.length
  const answer = { count: instructions.length, first, last }
  if (store) await new Promise<void>((resolve) => store.keep(JSON.stringify(instructions), resolve))
  return reply.code(201).send(answer)
})

app.get('/v1/bosses/:boss', async () => ({
  id: 1,
  name: null,
  counts: { pending: last, working: 0, succeeded: 0, failed: 0, cancelled: 0 },
}))

process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }))
process.once('disconnect', () => process.exit())
