import type { Database } from 'better-sqlite3'
import type { ArrayRow } from '../boss/fact.js'

/** Writing statements on table `array`; each runs inside the transaction of a turn. */
export function writeArrays(db: Database) {
  const put = db.prepare('INSERT OR REPLACE INTO array (boss, name, dtype, shape, place) VALUES (?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM array WHERE boss = ? AND name = ?')
  const removeAll = db.prepare('DELETE FROM array WHERE boss = ?')
  return {
    put: (boss: number, { name, dtype, shape, place }: ArrayRow) => put.run(boss, name, dtype, JSON.stringify(shape), place),
    remove: (boss: number, name: string) => remove.run(boss, name),
    removeAll: (boss: number) => removeAll.run(boss),
  }
}

/** Reading statements on table `array`. */
export function readArrays(db: Database) {
  const ofBoss = db.prepare<[number], Omit<ArrayRow, 'shape'> & { shape: string }>(
    'SELECT name, dtype, shape, place FROM array WHERE boss = ? ORDER BY name',
  )
  const places = db.prepare<[], string>('SELECT place FROM array').pluck()
  return {
    arraysOf: (boss: number): ArrayRow[] => ofBoss.all(boss).map((row) => ({ ...row, shape: JSON.parse(row.shape) as number[] })),
    /** Where files of arrays stand, of all Bosses. */
    arrayPlaces: () => places.all(),
  }
}
