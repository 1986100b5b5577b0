import type { Database } from 'better-sqlite3'
import { pageBytes, pageOf } from './statements.js'

/** What is sent of instructions. */
export interface BodyPage {
  readonly n: number
  /** One JSON text each, joined by newlines. */
  readonly attributes: string
  /** As users gave them, null for none; undefined when none of them has one. */
  readonly names: readonly (string | null)[] | undefined
}
type BodyRow = [attributes: string, n: number, names: string | null]

/** Reading statements for what is sent of instructions. */
export function readBodies(db: Database) {
  const body = `group_concat(attributes, char(10)), count(*), CASE WHEN count(name) > 0 THEN json_group_array(name) END`
  const range = db
    .prepare<[number, number, number], BodyRow>(
      `SELECT ${body} FROM (SELECT attributes, name FROM instruction WHERE boss = ? AND id BETWEEN ? AND ? ORDER BY id)`,
    )
    .raw()
  const single = db
    .prepare<[number, number], [attributes: string, name: string | null]>(
      'SELECT attributes, name FROM instruction WHERE boss = ? AND id = ?',
    )
    .raw()
  const bytesOf = db
    .prepare<[number, number, number], number>(
      'SELECT sum(octet_length(attributes)) FROM instruction WHERE boss = ? AND id BETWEEN ? AND ?',
    )
    .pluck()
  return {
    /** Attributes and given names of instructions, in the order asked for; of the first ones only when these are large. @throws Error when one is not there. */
    bodiesOf: (boss: number, ids: readonly number[]): BodyPage => {
      const [first = 0] = ids
      const last = first + ids.length - 1
      if (ids.every((id, at) => id === first + at) && (bytesOf.get(boss, first, last) ?? 0) <= pageBytes) {
        const [attributes, n, names] = range.get(boss, first, last) ?? ['', 0, null]
        if (n < ids.length) throw new Error(`${ids.length - n} of ${ids.length} instructions of Boss ${boss} are not there`)
        return { n, attributes, names: names === null ? undefined : (JSON.parse(names) as (string | null)[]) }
      }
      const found = function* () {
        for (const id of ids) {
          const row = single.get(boss, id)
          if (!row) throw new Error(`instruction ${id} of Boss ${boss} is not there`)
          yield row
        }
      }
      const { rows } = pageOf(found(), ids.length, ([attributes]) => attributes.length)
      return { n: rows.length, attributes: rows.map(([attributes]) => attributes).join('\n'), names: rows.map(([, name]) => name) }
    },
  }
}
