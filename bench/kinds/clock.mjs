// Kinds that say when they ran, in ms of the clock that all processes of a machine share.
const now = () => Number(process.hrtime.bigint()) / 1e6

const never = new Int32Array(new SharedArrayBuffer(4))

export default [
  { worker: 'clock', footprint: { attr: { kind: { values: ['clock'] } } }, task: now },
  {
    worker: 'nap',
    footprint: { attr: { kind: { values: ['nap'] }, ms: { type: 'float' } } },
    task({ ms }) {
      const began = now()
      Atomics.wait(never, 0, 0, ms) // a timer of Node's knows whole milliseconds only
      return [began, now()]
    },
  },
]
