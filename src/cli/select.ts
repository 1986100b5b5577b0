import { bodyOf, Refused, type BossRef, type Client, type Instruction } from '../client/client.js'
import { labelOf } from './rows.js'

/** Instructions as they are named on the command line: ranges of ids, and names. */
export interface Selection {
  readonly ranges: readonly (readonly [first: number, last: number])[]
  readonly names: readonly string[]
}

/** @param texts each an id, a range, a list of both with commas, or a name. */
export function selectionOf(texts: readonly string[]): Selection {
  const isRanges = (text: string) => /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)
  const ranges = texts.filter(isRanges).flatMap((text) =>
    text.split(',').map((part): [number, number] => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return [Math.min(first, last), Math.max(first, last)]
    }),
  )
  return { ranges, names: texts.filter((text) => !isRanges(text)) }
}

/** Which instructions of a Boss are asked for. */
export type Filter = Partial<Pick<Instruction, 'name' | 'kind' | 'status'>> & { readonly cause?: Cause }
export type Cause = NonNullable<Instruction['attempts'][number]['cause']>

/** Those that match, in the order of their ids, a page at a time. */
export async function* matching(client: Client, boss: BossRef, filter: Filter): AsyncGenerator<Instruction, void, undefined> {
  const path = { boss: String(boss) }
  for (let after: string | undefined; ; ) {
    const query = { ...filter, ...(after !== undefined && { after }) }
    const { items, next } = await bodyOf(client.api.GET('/v1/bosses/{boss}/instructions', { params: { path, query } }))
    yield* items
    if (next === undefined) return
    after = next
  }
}

/** The ids of a selection. @throws {Refused} not-found for a name that no instruction has. */
export async function* idsOf(client: Client, boss: BossRef, { ranges, names }: Selection): AsyncGenerator<number, void, undefined> {
  for (const [first, last] of ranges) for (let id = first; id <= last; id++) yield id
  for (const name of names) {
    let found = false
    // a value of --each with brackets has given its name without them
    for (const each of new Set([name, labelOf(name)])) {
      if (found) break
      for await (const { id } of matching(client, boss, { name: each })) {
        found = true
        yield id
      }
    }
    if (!found)
      throw new Refused(404, 'not-found', `Boss ${boss} has no instruction with the name "${name}"; taylord ls ${boss} lists them`)
  }
}
