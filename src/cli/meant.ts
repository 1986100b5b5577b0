import { bodyOf, Refused, Unreachable, type Appended } from '../client/client.js'
import { near } from './closest.js'
import { clientOf } from './connect.js'
import { remark } from './output.js'
import { BadUsage, type Asked } from './verb.js'

/** Attributes of every kind that have no option of their own. */
const ofAll = ['expected_time', 'grace', 'retry', 'at_most_once', 'fresh', 'fileA', 'fileB', 'scheduler_ticket', 'scheduler_hooks']

/**
 * Holds options that are attributes, for want of an option of that name, against what may have been meant: what no kind knows, no [token] stands
 * for, and is written almost as an option or an attribute is a slip.
 * @throws {BadUsage}
 */
export async function assertMeant(asked: Asked): Promise<void> {
  const given = Object.keys(asked.attributes).filter((name) => !name.endsWith(':'))
  if (given.length === 0) return
  const known = [...(await attributesOf(asked)), ...ofAll]
  for (const name of given) {
    if (known.includes(name) || [...Object.values(asked.attributes), asked.text('name')].some((text) => text?.includes(`[${name}`)))
      continue
    const meant = near(name, [...asked.options, ...known])
    if (meant === undefined) continue
    throw new BadUsage(
      `there is no option --${name}, and no kind has such an attribute (did you mean --${meant}?); --${name}:='"VALUE"' gives it all the same`,
    )
  }
}

/** Names of the kind's attributes, of all kinds when none is named; none where no daemon is there to tell. */
async function attributesOf(asked: Asked): Promise<string[]> {
  const kind = asked.text('kind') ?? (asked.rest.length > 0 ? 'command' : undefined)
  try {
    const { items } = await bodyOf((await clientOf(asked)).api.GET('/v1/kinds'))
    const named = items.filter(({ kind: name }) => name === kind)
    return (named.length > 0 ? named : items).flatMap(({ schema }) => Object.keys((schema as { properties?: object }).properties ?? {}))
  } catch (error) {
    if (error instanceof Unreachable || error instanceof Refused) return []
    throw error
  }
}

/** Tells what of the rows came to nothing. */
export function remarkIgnored({ ignored = [] }: Pick<Appended, 'ignored'>): void {
  for (const { attribute, row, kind, did_you_mean: meant } of ignored)
    remark(
      `taylord: ${kind} has no attribute ${JSON.stringify(attribute)}, which row ${row} gives; it is ignored${meant === undefined ? '' : ` (did you mean ${meant}?)`}`,
    )
}
