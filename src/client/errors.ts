/** The daemon refused: decide by `code`, which is stable; the message says what to do. */
export class Refused extends Error {
  override readonly name = 'Refused'

  /**
   * @param status of HTTP.
   * @param code of the problem, such as `boss-not-over`.
   * @param facts the problem's further members, such as `row` or `line`.
   */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail)
  }
}

/** The daemon cannot be reached, or what answers is none. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'

  /** @param isCut the connection broke once it was made: what was asked may have been done. Browsers do not tell. */
  constructor(
    message: string,
    readonly isCut = false,
  ) {
    super(message)
  }
}

/** What an answer that is no success tells. @param url of the daemon. */
export async function refusalOf(response: Response, url: string): Promise<Refused | Unreachable> {
  const text = await response.text()
  try {
    const { type: _type, title: _title, status: _status, code, detail, ...facts } = JSON.parse(text) as Record<string, unknown>
    if (typeof code === 'string' && typeof detail === 'string') return new Refused(response.status, code, detail, facts)
  } catch {
    // no JSON: it is told below
  }
  return new Unreachable(`what answers at ${url} is no taylord: ${response.status} ${text.slice(0, 100)}`)
}
