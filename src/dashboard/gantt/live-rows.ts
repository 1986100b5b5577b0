import { signal } from '@preact/signals'
import type { Event } from '../../client/client.js'
import { listen } from '../frame/live.js'
import { Rows } from './rows.js'

/** The rows of this page, kept while other views are looked at. */
export const liveRows = new Rows()
/** Grows with each batch of events, so that what shows them is drawn again. */
export const rowsVersion = signal(0)

/** What came before it is known which cores there are: rows stand in their order. */
let early: Event[] | undefined = []

listen((events) => {
  if (early) return void early.push(...events)
  liveRows.hear(events)
  rowsVersion.value = liveRows.version
})

/** Takes in what the daemon says of its machine and of who works. */
export function know(cpus: readonly number[], workers: Parameters<Rows['know']>[0]): void {
  liveRows.setCpus(cpus)
  if (early) liveRows.hear(early)
  early = undefined
  liveRows.know(workers, Date.now())
  rowsVersion.value = liveRows.version
}
