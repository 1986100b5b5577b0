import type { Ending } from '../boss/report.js'
import type { Floor } from './floor.js'
import type { LiveBoss } from './live-boss.js'

const decoder = new TextDecoder()

/** Inside a message about a verbose Boss: once the turn is committed, its log says who started. */
export function logStart({ turn, log }: Floor, live: LiveBoss, instruction: number, name: string): void {
  turn.after(() => log.info({ boss: live.id, instruction }, `Worker ${name} started.`))
}

/** Inside a message: once the turn is committed, the log says of each of these that a limit ended, which one and what was measured. */
export function logKills({ turn, log }: Floor, live: LiveBoss, ids: readonly number[], lines: Uint8Array): void {
  turn.after(() => {
    const entries = decoder.decode(lines).split('\n')
    ids.forEach((instruction, row) => {
      const { name, cause, limit, measured, error } = JSON.parse(`{${entries[row]}`) as Ending
      if (limit !== undefined) log.warn({ boss: live.id, instruction, name, rule: cause, limit, measured }, error?.message)
    })
  })
}

/**
 * Inside a message about a verbose Boss, before its reports are recorded: once the turn is committed, its log shows each success, and first
 * who started unless it has said so.
 * @param lines one an id, as `renderEnding` makes them.
 */
export function logReports({ turn, log }: Floor, live: LiveBoss, ids: readonly number[], lines: Uint8Array): void {
  const { boss } = live
  const told = ids.map((id) => boss.working.has(id))
  turn.after(() => {
    const entries = decoder.decode(lines).split('\n')
    ids.forEach((instruction, row) => {
      const { name, outcome, report, started_at: startedAt } = JSON.parse(`{${entries[row]}`) as Ending
      if (!told[row] && startedAt !== null) log.info({ boss: boss.id, instruction }, `Worker ${name} started.`)
      if (outcome === 'succeeded') log.info({ boss: boss.id, instruction }, shortened(report, boss.settings.maxlenreport))
    })
  })
}

/**
 * A report as a log line.
 * @param most characters that are shown of it.
 * @see BEHAVIOUR section 1: taylorism, too, counts characters, and adds ` ...` to what it cuts.
 */
export function shortened(report: unknown, most: number): string {
  const text = typeof report === 'string' ? report : JSON.stringify(report)
  if (text.length <= most) return text
  // characters of two units count as one; no more of a long text is looked at than is needed
  const characters = Array.from(text.slice(0, 2 * most + 2))
  return characters.length > most ? `${characters.slice(0, most).join('')} ...` : text
}
