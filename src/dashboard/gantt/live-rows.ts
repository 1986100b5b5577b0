import { signal } from '@preact/signals'
import type { Event } from '../../client/client.js'
import { listen } from '../frame/live.js'
import { Rows } from './rows.js'

/** The rows of this page, kept while other views are looked at. */
export const liveRows = new Rows()
/** Grows with each batch of events, so that what shows them is drawn again. */
export const rowsVersion = signal(0)

type Workers = Parameters<Rows['know']>[0]

/** What came before it is known which cores there are: rows stand in their order. */
let early: Event[] | undefined = []
let earlyWorkers: Workers | undefined

listen((events) => {
  if (early) return void early.push(...events)
  liveRows.hear(events)
  rowsVersion.value = liveRows.version
})

/** Takes in which CPUs there are. */
export function knowCpus(cpus: readonly number[]): void {
  liveRows.setCpus(cpus)
  if (early) {
    liveRows.hear(early)
    early = undefined
    if (earlyWorkers) know(earlyWorkers)
  }
  rowsVersion.value = liveRows.version
}

/** Takes in who works. */
export function know(workers: Workers): void {
  if (early) earlyWorkers = workers
  else liveRows.know(workers, Date.now())
  rowsVersion.value = liveRows.version
}
