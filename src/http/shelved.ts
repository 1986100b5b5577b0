import { BadArray, type Layout } from '../arrays/npy.js'
import { NoRoom, type Shelf, type Shelved, type Stand } from '../arrays/shelf.js'
import type { CrewName } from '../boss/boss-document.js'
import { invalid, Refusal } from '../boss/errors.js'
import { RESERVED } from '../footprint/definition.js'

/** Names that an array would lay over every row, whatever it needs there. */
const taken = [...RESERVED, 'kind', 'worker', 'fileA', 'fileB']

/** @throws {Refusal} invalid. */
export function assertArrayName(name: string): void {
  if (taken.includes(name))
    throw invalid(`an array cannot be called "${name}", which means something else in every row; call it otherwise`, { array: name })
}

/** Where the arrays of a Boss stand: where its workers can map them. @throws {Refusal} invalid when there is no such place. */
export function standFor(shelf: Shelf, crew: CrewName): Stand {
  const stand = crew === 'local' ? 'memory' : 'shared'
  if (shelf.offers(stand)) return stand
  throw invalid(
    'workers on other machines do not see the memory of this one: a Boss on Slurm has shared arrays only if the daemon was started with --slurm-arrays DIR, a directory that all nodes see',
    { crew },
  )
}

/** Arrays of zeros, none or all of them. @throws {Refusal} invalid, store-refuses. */
export async function makeZeros(shelf: Shelf, layouts: Readonly<Record<string, Layout>>, crew: CrewName): Promise<Shelved[]> {
  const made: Shelved[] = []
  for (const [name, layout] of Object.entries(layouts)) {
    try {
      assertArrayName(name)
      made.push(await refusing(name, shelf.zeros(name, layout, standFor(shelf, crew))))
    } catch (error) {
      await discardAll(shelf, made)
      throw error
    }
  }
  return made
}

/** What the shelf has against an array, as a refusal. */
export async function refusing<T>(name: string, shelved: Promise<T>): Promise<T> {
  try {
    return await shelved
  } catch (error) {
    if (error instanceof BadArray) throw invalid(error.message, { array: name })
    if (error instanceof NoRoom) throw new Refusal('store-refuses', error.message, { array: name, needed: error.needed, room: error.room })
    throw error
  }
}

/** Removes arrays from the shelf again if `taking`, the call that was to take them over, is refused. */
export async function handedOver<T>(shelf: Shelf, made: readonly Shelved[], taking: Promise<T>): Promise<T> {
  try {
    return await taking
  } catch (error) {
    await discardAll(shelf, made)
    throw error
  }
}

async function discardAll(shelf: Shelf, made: readonly Shelved[]): Promise<void> {
  for (const { place } of made) await shelf.discard(place)
}
