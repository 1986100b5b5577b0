// Kinds that tests use and that take no time.
const kind = (worker, attr, task) => ({ worker, footprint: { attr: { kind: { values: [worker] }, ...attr } }, task })
const optional = { optional: true }

export default [
  kind('noop', { value: { type: 'int', optional: true } }, ({ value }) => value ?? null),
  // when it runs, in ms of the clock that all processes of a machine share
  kind('clock', {}, () => Number(process.hrtime.bigint()) / 1e6),
  kind('throwing', { message: optional }, ({ message }) => {
    throw new RangeError(message ?? 'boom')
  }),
  kind('exiting', { code: { type: 'int', optional: true, default: 0 } }, ({ code }) => process.exit(code)),
  kind('killed', {}, () => process.kill(process.pid, 'SIGKILL') && new Promise(() => {})),
  kind('blob', { text: optional, size: { type: 'int', optional: true, default: 0 } }, ({ size }) => 'x'.repeat(size)),
  // holds so much memory, for longer than any watch takes
  kind('hoarding', { MiB: { type: 'int' } }, async ({ MiB }) => {
    const held = Buffer.alloc(MiB * 2 ** 20, 1)
    await new Promise((resolve) => setTimeout(resolve, 30_000))
    return held.length
  }),
  kind('cyclic', {}, () => {
    const report = {}
    report.self = report
    return report
  }),
  kind('traced', {}, (_, { traceparent, tracestate }) => ({ traceparent, tracestate })),
  kind('told', { who: optional, greeting: optional }, (instruction, { cpus, scheduler_ticket }) => ({
    instruction,
    cpus,
    scheduler_ticket,
    pid: process.pid,
  })),
]
