/** How each status looks: a shape beside its colour, for those who do not tell colours apart. */
const shapes: Readonly<Record<string, string>> = {
  pending: '○',
  working: '▶',
  halted: '‖',
  ending: '▷',
  stopping: '◇',
  succeeded: '✓',
  finished: '✓',
  failed: '✕',
  cancelled: '⊘',
  stopped: '■',
}
const colours: Readonly<Record<string, string>> = { finished: 'succeeded', ending: 'working', stopping: 'cancelled', stopped: 'cancelled' }
/** The colour of a status, by its name in the style sheet. */
export const colourOfStatus = (status: string) => colours[status] ?? status

/** A status: shape, colour and word. */
export function Status({ is, title }: { readonly is: string; readonly title?: string | undefined }) {
  return (
    <span
      class={`status is-${colourOfStatus(is)}`}
      title={title ?? (is === 'ending' ? 'It takes no more, and is over when all is done' : undefined)}
    >
      <span aria-hidden="true">{shapes[is] ?? '·'}</span> {is}
    </span>
  )
}
