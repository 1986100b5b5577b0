// A scheduler of one's own: those that are expected to take least go first, so that many get done early.

export default {
  scheduler: 'smallest-first',
  settings: {
    most: { type: 'int', optional: true, default: 2, info: 'workers at once' },
    patience: { type: 'float', optional: true, default: 60, info: 's that one counts which names no expected_time' },
  },
  launchable({ pending, workers, settings: { most, patience } }) {
    const expected = ({ expected_time = patience }) => expected_time
    return pending.toSorted((a, b) => expected(a) - expected(b)).slice(0, Math.max(0, most - workers.length))
  },
}
