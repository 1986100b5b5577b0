// Kinds of tests that use shared arrays.
const kind = (worker, attr, task) => ({ worker, footprint: { attr: { kind: { values: [worker] }, ...attr } }, task })
const optional = { optional: true }

export default [
  // takes the lock, says so in the array's second element, and never gives it back
  kind('holding', { shared_sum: { type: 'array' } }, ({ shared_sum }) =>
    shared_sum.lock(() => {
      shared_sum.data[1] = 1n
      return new Promise(() => {})
    }),
  ),
  // adds 1 to the first element, many times, each under the lock
  kind('counting', { counter: { type: 'array' }, times: { type: 'int' } }, async ({ counter, times }, { signal }) => {
    for (let i = 0; i < times; i++) await counter.lock(() => counter.data[0]++, { signal })
    return Number(counter.data[0])
  }),
  // says what it sees
  kind('looking', { x: optional, one: { type: 'array', optional: true } }, ({ x, one }, { arrays }) => ({ x, one, arrays })),
  // maps all arrays of its Boss and waits to be stopped
  kind('mapping', {}, (_, { arrays, signal }) => {
    const mapped = Object.keys(arrays)
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(mapped)))
  }),
  // asks for a lock in three ways at once and notes the order
  kind('locking', { x: { type: 'array' } }, async ({ x }) => {
    const order = []
    const slow = x.lock(async () => {
      order.push('a')
      await new Promise((resolve) => setTimeout(resolve, 5))
      await x.lock(() => order.push('b'))
    })
    await Promise.all([slow, x.lock(() => order.push('c'))])
    return order
  }),
]
