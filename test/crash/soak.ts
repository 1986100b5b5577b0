import type { Part } from '../soak/part.ts'
import { crashRounds } from './rounds.ts'

/** Rounds of SIGKILL of the daemon under load. */
export const crash: Part = {
  help: 'SIGKILL of the daemon at random moments under load: nothing acknowledged is lost or changed',
  unit: 'rounds',
  size: 200,
  run: ({ seed, size, dir, say }) =>
    crashRounds({
      rounds: size,
      seed,
      dir,
      progress: (round, { rows, seenReports, breaches }) =>
        say(`round ${round}: ${rows} instructions, ${seenReports} reports read, ${breaches.length} breaches`),
    }),
}
