// Policies that tests use. Each is asked in one process, as they are in one file.
import { appendFileSync } from 'node:fs'

const most = { type: 'int', optional: true, default: 2 }
const free = ({ workers, settings }) => Math.max(0, settings.most - workers.length)

export default [
  {
    scheduler: 'shortest-name',
    settings: { most, binded: { type: 'bool', optional: true, default: false } },
    launchable: (view) => view.pending.sort((a, b) => a.name.length - b.name.length).slice(0, free(view)),
  },
  // writes what it is shown, and starts it in order of arrival
  {
    scheduler: 'told',
    settings: { log: {}, most },
    launchable(view) {
      const { pending, workers, room } = view
      const [first] = pending
      appendFileSync(
        view.settings.log,
        `${JSON.stringify({ pending: pending.length, first, last: pending.at(-1)?.id, workers, room, pid: process.pid })}\n`,
      )
      return pending.slice(0, free(view)).map(({ name }) => name)
    },
  },
  { scheduler: 'everything', launchable: ({ pending }) => pending.map(({ id }) => id) },
  { scheduler: 'few', settings: { max_threads: { type: 'int' } }, launchable: async ({ pending }) => pending },
  { scheduler: 'none', launchable: ({ pending }) => (pending.length > 1 ? pending : []) },
  {
    scheduler: 'tickets',
    launchable: ({ pending, workers }) =>
      workers.length > 0 ? [] : pending.slice(0, 3).map(({ id }, i) => (i === 1 ? id : { id, scheduler_ticket: i === 0 ? 0 : 7 })),
  },
]
