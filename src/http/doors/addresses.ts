import { isIP } from 'node:net'
import { Refusal } from '../../boss/errors.js'

/** What a request says of where it comes from; browsers let no page choose these. */
interface Said {
  readonly host?: string | undefined
  readonly origin?: string | undefined
}

const nameOf = (host: string) => host.replace(/:\d*$/, '').replace(/^\[|\]$/g, '')

/** Whether an address can be reached from this machine alone. */
export const isLoopback = (host: string) => {
  const name = nameOf(host.toLowerCase())
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))
}

/**
 * Refuses names that are none of the daemon's: a page whose name was made to lead here (DNS rebinding) is of one origin with it for a browser.
 * An address in its place is what the page cannot have as a name.
 * @param allowed names, with or without a port.
 * @throws {Refusal} bad-host.
 */
export function checkHost({ host }: Said, allowed: readonly string[]): void {
  if (host === undefined) return // of HTTP/1.0; browsers always tell
  const given = host.toLowerCase()
  const name = nameOf(given)
  if (isIP(name) !== 0 || isLoopback(name) || allowed.includes(given) || allowed.includes(name)) return
  throw new Refusal(
    'bad-host',
    `this daemon does not answer to the name "${name}"; use its address or localhost, or start it with --allowed-hosts ${name}`,
    { asked: host, available: allowed },
  )
}

/**
 * Refuses to be told something by web pages of other origins. What is no browser tells no origin.
 * @throws {Refusal} bad-origin.
 */
export function checkOrigin({ host, origin }: Said, allowed: readonly string[]): void {
  // behind a proxy that ends TLS the scheme is another, the host is not
  if (origin === undefined || origin.replace(/^https?:\/\//, '') === host || allowed.includes(origin)) return
  throw new Refusal(
    'bad-origin',
    `web pages of ${origin} may not do this; open the page at this daemon's own address, or start it with --allowed-origins ${origin}`,
    { asked: origin, available: allowed },
  )
}
