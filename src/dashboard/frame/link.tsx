import { link, linkSaid } from './live.js'
import { standing } from './session.js'

const words = { connecting: 'connecting', live: 'live', cut: 'disconnected', paused: 'paused' } as const
const shapes = { connecting: '◌', live: '●', cut: '✕', paused: '‖' } as const

/** Whether what is shown is live, and what became of the last cut. */
export function Link() {
  if (standing.value.is !== 'in') return null
  const is = link.value
  return (
    <span class={`link is-${is}`} role="status" title={linkSaid.value}>
      <span aria-hidden="true">{shapes[is]}</span> {words[is]}
      {linkSaid.value !== '' && <span class="said"> {linkSaid.value}</span>}
    </span>
  )
}
