import { expandTicket, waitsForTicket } from '../footprint/token.js'
import type { WorkFrame } from '../frames.js'

/** Attributes that hold data, in which nothing is replaced. */
const verbatim = 'stdin'

/** Puts the ticket, which is given only at the start, where names and text attributes wait for it as `[scheduler_ticket]`. */
export function withTicket(frame: WorkFrame): WorkFrame {
  const { names, a, scheduler_ticket: ticket } = frame
  names.forEach((name, row) => {
    if (waitsForTicket(name)) names[row] = expandTicket(name, ticket)
  })
  for (const attributes of a) {
    for (const name in attributes) {
      const value = attributes[name]
      if (typeof value === 'string' && name !== verbatim && waitsForTicket(value)) attributes[name] = expandTicket(value, ticket)
    }
  }
  return frame
}
