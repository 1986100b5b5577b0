import { Type } from 'typebox'

/** Entries of a page when the query names no limit. */
export const pageLimit = 1000
export const maxPageLimit = 10_000

export const limitField = Type.Optional(
  Type.Integer({ minimum: 1, maximum: maxPageLimit, default: pageLimit, description: 'entries of a page at most' }),
)

/** What every list takes in its query. */
export const pageFields = {
  limit: limitField,
  after: Type.Optional(Type.String({ description: '`next` of the page before' })),
}

/** The `Link` header that leads to the next page; empty on the last one. */
export function linkHeaders(url: string, next: string | undefined): Record<string, string> {
  if (next === undefined) return {}
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  searchParams.set('after', next)
  return { link: `<${pathname}?${searchParams.toString()}>; rel="next"` }
}
