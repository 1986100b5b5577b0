import { inspect } from 'node:util'
import { endedAs, type Ending, type StopOrder } from '../boss/ending.js'

/** What the task of a row came to. */
export type Ended = Pick<Ending, 'outcome' | 'report' | 'cause' | 'error' | 'traceback' | 'limit' | 'measured'>

/** An error that a task returns is as good as one that it throws; as JSON it would say nothing. */
export const returned = (report: unknown): Ended => (report instanceof Error ? failedBy(report) : { outcome: 'succeeded', report })

/** @param error whatever a task threw. */
export const failedBy = (error: unknown): Ended => ({ outcome: 'failed', report: null, cause: 'exception', ...thrown(error) })

/** The same of a row that was asked to end. @param ms that it took. */
export const stoppedBy = ({ report, error }: Ended, order: StopOrder, ms: number): Ended => ({
  report,
  ...(error && { error }),
  ...endedAs(order, seconds(ms)),
})

/** What can be told of something that was thrown. */
export function thrown(error: unknown): Pick<Ended, 'error' | 'traceback'> {
  if (!(error instanceof Error)) return { error: { type: typeof error, message: inspect(error) } }
  return {
    error: { type: String(error.name), message: String(error.message) },
    ...(typeof error.stack === 'string' && { traceback: error.stack }),
  }
}

/** With the microsecond as its last digit. */
export const seconds = (ms: number) => Math.round(ms * 1000) / 1e6
