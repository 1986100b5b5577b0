import { signal } from '@preact/signals'
import { Paces } from '../parts/paces.js'
import { listen } from './live.js'

const paces = new Paces()

/** Counts anew with each batch of events, so that what shows a pace is drawn again. */
export const paceVersion = signal(0)

listen((events) => {
  paces.hear(events)
  paceVersion.value++
})

/** Instructions a second that a Boss ends, as it goes now. */
export const paceOf = (boss: Parameters<Paces['of']>[0]): number => paces.of(boss, Date.now())
