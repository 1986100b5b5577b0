import { dismiss, notices } from './notices.js'

/** What came of what somebody did, in a corner. */
export function Notices() {
  return (
    <div class="notices" role="region" aria-label="Notices">
      <div aria-live="polite">
        {notices.value.map(({ id, text, isFault }) => (
          <div key={id} class={isFault ? 'notice is-fault' : 'notice'}>
            <span>
              <span aria-hidden="true">{isFault ? '⚠' : '✓'}</span> {text}
            </span>
            <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(id)}>
              ✕
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}
