import { signal } from '@preact/signals'

/** Where somebody is: what stands behind `#` in the address, so that it works under whatever path a proxy shows the daemon. */
export interface Place {
  /** As in `['bosses', '12', 'instructions']`. */
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
}

const read = (): Place => {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?')
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  }
}

/** What somebody typed may be no text that was encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const place = signal(read())
addEventListener('hashchange', () => (place.value = read()))

/** Fields of a query; what is undefined or empty is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>

/** An address for a link: `to(['bosses', 12], { status: 'failed' })`. */
export function to(path: readonly (string | number)[], query: Query = {}): string {
  const fields = Object.entries(query).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, String(value)]]))
  const text = new URLSearchParams(fields).toString()
  return `#/${path.map((part) => encodeURIComponent(part)).join('/')}${text === '' ? '' : `?${text}`}`
}

/** Goes there as a link does. */
export function go(path: readonly (string | number)[], query: Query = {}): void {
  location.hash = to(path, query)
}

/** Changes the query of where somebody is without a step in the history: filters while they are typed, what is zoomed to. */
export function amend(query: Query): void {
  const { path, query: old } = place.peek()
  history.replaceState(null, '', to(path, { ...old, ...query }))
  place.value = read()
}
