import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** A key that does something, and what, for who asks by `?`. */
export interface Shortcut {
  readonly key: string
  readonly does: string
  readonly act: () => void
}
const groups = new Map<string, readonly Shortcut[]>()
export const shortcutsOpen = signal(false)

/** All of them, by the part of the page that they belong to. */
export const shortcuts = (): readonly (readonly [string, readonly Shortcut[]])[] => [...groups]

/** Keys that work as long as this is on the page. */
export function useShortcuts(group: string, keys: readonly Shortcut[]): void {
  useEffect(() => {
    groups.set(group, keys)
    return () => void groups.delete(group)
  })
}

/** Whether somebody writes there, or chooses. */
const isWriting = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isWriting(event.target)) return
  if (document.querySelector('dialog[open]')) return
  for (const keys of groups.values()) {
    const shortcut = keys.find(({ key }) => key === event.key)
    if (!shortcut) continue
    event.preventDefault()
    shortcut.act()
    return
  }
})
