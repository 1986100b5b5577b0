import type { ComponentChildren } from 'preact'

/** What may be wider than the screen: it is scrolled by itself, with the keyboard, too. */
export function Scroll({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  )
}
