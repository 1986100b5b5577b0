import { computed, signal } from '@preact/signals'

const key = 'taylord.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const systemIsDark = signal(system.matches)
system.addEventListener('change', ({ matches }) => (systemIsDark.value = matches))

/** As the system has it unless somebody chose otherwise. */
const chosen = signal(localStorage.getItem(key) ?? undefined)
export const isDark = computed(() => (chosen.value === undefined ? systemIsDark.value : chosen.value === 'dark'))

const show = () => {
  if (chosen.value === undefined) delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = chosen.value
}
show()

/** The other one; it is remembered only where it differs from the system's. */
export function toggleTheme(): void {
  const next = isDark.value ? 'light' : 'dark'
  chosen.value = (next === 'dark') === systemIsDark.value ? undefined : next
  if (chosen.value === undefined) localStorage.removeItem(key)
  else localStorage.setItem(key, chosen.value)
  show()
}

/** A colour of the style sheet as `[red, green, blue]`, as canvases need it. */
export function colourOf(name: string): readonly number[] {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.color = `var(--${name})`
  const [, ...channels] = /(\d+)\D+(\d+)\D+(\d+)/.exec(getComputedStyle(probe).color) ?? []
  probe.remove()
  return channels.map(Number)
}

export const cssOf = (channels: readonly number[]) => `rgb(${channels.join(' ')})`
