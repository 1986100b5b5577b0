// Says when it ran, in ms of the clock that all processes of a machine share.
const now = () => Number(process.hrtime.bigint()) / 1e6

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export default [
  { worker: 'clock', footprint: { attr: { kind: { values: ['clock'] } } }, task: now },
  {
    worker: 'nap',
    footprint: { attr: { kind: { values: ['nap'] }, ms: { type: 'float' } } },
    async task({ ms }) {
      const began = now()
      await sleep(ms)
      return [began, now()]
    },
  },
]
