import type { Boss } from '../../client/client.js'
import { count } from './text.js'

export type Counts = Boss['counts']
/** In the order in which the bar shows them. */
export const states = ['succeeded', 'failed', 'cancelled', 'working', 'pending'] as const

export const totalOf = (counts: Counts) => states.reduce((sum, state) => sum + counts[state], 0)
export const doneOf = ({ succeeded, failed, cancelled }: Counts) => succeeded + failed + cancelled

/** Instructions by state, as one bar. The numbers stand beside it. */
export function Progress({ counts }: { readonly counts: Counts }) {
  const total = totalOf(counts)
  const said = states.filter((state) => counts[state] > 0).map((state) => `${count(counts[state])} ${state}`)
  return (
    <span class="progress" role="img" aria-label={total === 0 ? 'no instructions' : said.join(', ')}>
      {states.map((state) =>
        counts[state] === 0 ? null : <span key={state} class={`part bg-${state}`} style={{ flexGrow: counts[state] / total }} />,
      )}
    </span>
  )
}
