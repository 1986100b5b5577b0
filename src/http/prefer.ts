const maxWaitSeconds = 3600

/**
 * Seconds that a caller is willing to wait.
 * @param header `Prefer` (RFC 7240), as in `respond-async, wait=10`.
 * @returns at most 3600; undefined when the header asks for no wait that can be understood, which RFC 7240 has us ignore.
 */
export function waitSeconds(header: string | string[] | undefined): number | undefined {
  const preferences = [header ?? []].flat().join(',').split(',')
  for (const preference of preferences) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? []
    if (seconds !== undefined) return Math.min(Number(seconds), maxWaitSeconds)
  }
  return undefined
}
