import type { Database } from 'better-sqlite3'
import type { Fact } from '../boss/fact.js'

/** How long an answer is kept, and with it the promise to do what was asked only once. */
export const keptAnswerMs = 24 * 3_600_000

/** What a call was answered. */
export interface KeptAnswer {
  readonly fingerprint: string
  /** Of HTTP; null when it is the one that the route gives for what was done. */
  readonly status: number | null
  /** JSON text */
  readonly answer: string
}

/** Writing statements on table `answered`; inside the transaction of a turn. */
export function writeAnswers(db: Database) {
  // one that is too old may still be there
  const insert = db.prepare('INSERT OR REPLACE INTO answered (key, at, fingerprint, status, answer) VALUES (?, ?, ?, ?, ?)')
  return {
    answered: ({ key, at, fingerprint, status, answer }: Extract<Fact, { type: 'call.answered' }>) =>
      insert.run(key, at, fingerprint, status, answer),
  }
}

/** Reading statements on table `answered`. */
export function readAnswers(db: Database) {
  const one = db.prepare<[string, number], KeptAnswer>('SELECT fingerprint, status, answer FROM answered WHERE key = ? AND at >= ?')
  return {
    answered: (key: string) => one.get(key, Date.now() - keptAnswerMs),
  }
}
