import type { ComponentChildren } from 'preact'
import type { Asked } from '../frame/asked.js'

/** Nothing is there, and what would be. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <div class="empty">{children}</div>
}

/** What went wrong; the page goes on by itself where it can. */
export function Fault({ text, again }: { readonly text: string; readonly again?: (() => void) | undefined }) {
  return (
    <div class="fault" role="alert">
      <span aria-hidden="true">⚠</span> {text}
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}

/** Shows an answer once it is there; before, that it is awaited; beside it, what is wrong now. */
export function Shown<T>({ asked, children }: { readonly asked: Asked<T>; readonly children: (value: T) => ComponentChildren }) {
  const value = asked.value.value
  const fault = asked.fault.value
  return (
    <>
      {fault !== '' && <Fault text={fault} again={() => void asked.again()} />}
      {value !== undefined ? (
        children(value)
      ) : fault === '' ? (
        <p class="loading" role="status">
          Loading…
        </p>
      ) : null}
    </>
  )
}
