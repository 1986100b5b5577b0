import { writeSync } from 'node:fs'

// Policies that do harm: at once, or with `working` when that many work and something named `trigger` waits.
const after = (scheduler, act) => ({
  scheduler,
  settings: { working: { type: 'int', optional: true, default: 0 } },
  launchable(view) {
    const { pending, workers, settings } = view
    if (workers.length < settings.working) return pending.slice(0, 1)
    return settings.working > 0 && !pending.some(({ name }) => name === 'trigger') ? [] : act(view)
  },
})

export default [
  after('throws', () => {
    throw new RangeError('no such queue')
  }),
  after('throws-odd', () => {
    throw Object.assign(new Error('no queue at all'), { name: 7 })
  }),
  after('loops', () => {
    for (;;);
  }),
  after('hangs', () => new Promise(() => {})),
  after('exits', () => {
    console.error('I am off')
    process.exit(3)
  }),
  after('shouts', () => {
    throw new Error('x'.repeat(50_000_000))
  }),
  after('writes-on', () => {
    for (;;) writeSync(4, 'x'.repeat(65_536))
  }),
  after('no-list', () => ({ first: 1 })),
  after('unknown-id', () => [4711]),
  after('unknown-name', () => ['nobody']),
  after('twice', ({ pending: [first] }) => [first, first.name]),
  after('unknown-member', ({ pending: [{ id }] }) => [{ id, ticket: 3 }]),
  after('bad-ticket', ({ pending: [{ id }] }) => [{ id, scheduler_ticket: -1 }]),
  after('taken-ticket', ({ pending: [{ id }], workers: [{ scheduler_ticket }] }) => [{ id, scheduler_ticket }]),
  after('slow', async ({ pending }) => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    return pending
  }),
  after('fine', ({ pending }) => pending.slice(0, 1)),
]
