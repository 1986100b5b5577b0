import { computed, signal } from '@preact/signals'
import { bodyOf, Client, Refused, Unreachable } from '../../client/client.js'

export type Role = 'read' | 'submit' | 'admin'
const roles: readonly Role[] = ['read', 'submit', 'admin']

/** Kept for this tab and no longer. */
const key = 'taylord.token'
/** The page lies at the daemon's own path, whatever a proxy made of it. */
const url = new URL('.', location.href).href

const token = signal(sessionStorage.getItem(key) ?? undefined)
export const client = computed(() => new Client(url, { token: token.value }))

/** How somebody stands with the daemon. */
export type Standing =
  | { readonly is: 'asking' }
  /** it does not answer; it is asked again */
  | { readonly is: 'away'; readonly why: string }
  /** a token is asked for; `why` says what was wrong with the one that was given */
  | { readonly is: 'out'; readonly why?: string }
  | { readonly is: 'in'; readonly role: Role }
export const standing = signal<Standing>({ is: 'asking' })

/** Whether a token of this role may do that too. */
export const may = (least: Role) => standing.value.is === 'in' && roles.indexOf(standing.value.role) >= roles.indexOf(least)
export const hasToken = computed(() => token.value !== undefined)

const againMs = 2_000
let timer: ReturnType<typeof setTimeout> | undefined

/** Finds out who we are. */
export async function enter(): Promise<void> {
  clearTimeout(timer)
  try {
    const { role } = await bodyOf(client.peek().api.GET('/v1/whoami'))
    standing.value = { is: 'in', role }
  } catch (error) {
    if (error instanceof Refused && error.code === 'unauthorized') {
      standing.value = { is: 'out', ...(token.peek() !== undefined && { why: error.detail }) }
    } else {
      standing.value = { is: 'away', why: sentenceOf(error) }
      timer = setTimeout(() => void enter(), againMs)
    }
  }
}

export function signIn(given: string): Promise<void> {
  sessionStorage.setItem(key, given)
  token.value = given
  return enter()
}

export function signOut(): Promise<void> {
  sessionStorage.removeItem(key)
  token.value = undefined
  standing.value = { is: 'asking' }
  return enter()
}

/** Calls the daemon. One that no longer lets us in is asked who we are. */
export async function ask<T>(call: (client: Client) => Promise<T>): Promise<T> {
  try {
    return await call(client.peek())
  } catch (error) {
    if (error instanceof Refused && error.code === 'unauthorized' && standing.peek().is === 'in') void enter()
    throw error
  }
}

/** What went wrong, as a sentence for a person. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Unreachable) return 'The daemon does not answer.'
  const text = error instanceof Error ? error.message : String(error)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
