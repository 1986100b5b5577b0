import Schema from 'typebox/schema'
import { inject } from 'vitest'

type Node = Readonly<Record<string, unknown>>
const at = (node: unknown, ...path: readonly string[]) => path.reduce<unknown>((value, key) => (value as Node | undefined)?.[key], node)

/** What an answer of the daemon begins with. */
export interface Head {
  readonly method: string
  /** Without a query. */
  readonly path: string
  readonly status: number
  readonly headers: Headers
}
type Check = (value: unknown) => string | undefined

/** Headers of HTTP itself, which no contract lists. */
const ofHttp = 'connection content-encoding content-length content-type date keep-alive transfer-encoding vary'.split(' ')
/** What every answer tells browsers. */
const ofDoor =
  'x-content-type-options content-security-policy cross-origin-resource-policy referrer-policy strict-transport-security access-control-allow-origin access-control-expose-headers'.split(
    ' ',
  )

let document: Node | undefined
/** What once.ts has read; `openapi.test.ts` holds that the routes say the same. */
const contract = () => (document ??= closed(inject('contract')) as Node)

/** Codes of what is refused wherever it was to go. */
const earlyCodes: Readonly<Record<number, string[]>> = {
  400: ['bad-request'],
  401: ['unauthorized'],
  403: ['bad-origin', 'forbidden'],
  421: ['bad-host'],
  429: ['too-many-requests'],
}

/** Clients shall leave aside what they do not know, so the contract lets it pass; here every member has to be in it. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed)
  if (typeof node !== 'object' || node === null) return node
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, key === 'examples' ? value : closed(value)]))
  return copy['type'] === 'object' && copy['properties'] ? { additionalProperties: false, ...copy } : copy
}

function dereferenced(node: unknown): unknown {
  const reference = at(node, '$ref')
  return typeof reference === 'string' ? at(contract(), ...reference.slice(2).split('/')) : node
}

const checks = new Map<unknown, Check>()
/** What a value has against it, of a schema of the contract. */
function checkOf(schema: unknown): Check {
  let check = checks.get(schema)
  if (check) return check
  const compiled = Schema.Compile({ ...(schema as Node), components: contract()['components'] })
  check = (value) => (compiled.Check(value) ? undefined : JSON.stringify(compiled.Errors(value)[1].slice(0, 3)))
  checks.set(schema, check)
  return check
}

/** A check for a schema by its name. */
export const checkOfNamed = (name: string): Check => checkOf(at(contract(), 'components', 'schemas', name))

const matches = (template: string, path: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)

/** What is wrong with an answer. */
export class Breach extends Error {
  constructor({ method, path, status, headers }: Head, what: string) {
    super(`${method} ${path} → ${status} ${headers.get('content-type') ?? ''}: ${what}`)
  }
}

/**
 * Holds the head of an answer against the contract.
 * @returns how to hold its body against it, `json` as a whole and `line` for each line; undefined where nothing is said of it.
 * @throws {Breach}
 */
export function assertHead(head: Head): { json?: Check; line?: Check } | undefined {
  const { method, path, status, headers } = head
  const breach = (what: string) => new Breach(head, what)
  const paths = contract()['paths'] as Node
  const [template] = Object.keys(paths).filter((candidate) => matches(candidate, path))
  const operation = template === undefined ? undefined : at(paths, template, (method === 'HEAD' ? 'GET' : method).toLowerCase())
  if (operation === undefined) {
    // what is refused before anybody looks for it
    const early = earlyCodes[status]
    if (early) return { json: problemOf(early) }
    if (status !== (template === undefined ? 404 : 405)) throw breach('the contract has no such operation')
    if (status === 405 && !headers.get('allow')) throw breach('it lacks Allow')
    return { json: problemOf([status === 404 ? 'not-found' : 'method-not-allowed']) }
  }
  const answer = dereferenced(at(operation, 'responses', String(status)))
  if (answer === undefined) throw breach('the contract has no such status')
  const described = Object.entries((at(answer, 'headers') ?? {}) as Record<string, Node>).map(([name, header]) => ({
    name: name.toLowerCase(),
    header,
  }))
  for (const { name, header } of described) {
    const value = headers.get(name)
    if (value === null && header['required'] === true) throw breach(`it lacks the header ${name}`)
    const wrong = value === null ? undefined : checkOf(header['schema'])(at(header, 'schema', 'type') === 'integer' ? Number(value) : value)
    if (wrong) throw breach(`the header ${name}: ${wrong}`)
  }
  for (const [name] of headers)
    if (!ofHttp.includes(name) && !ofDoor.includes(name) && !described.some((one) => one.name === name))
      throw breach(`the contract has no such header: ${name}`)
  const [type = ''] = (headers.get('content-type') ?? '').split(';')
  const content = at(answer, 'content') as Node | undefined
  if (content === undefined) {
    if (type !== '') throw breach('the contract has no content there')
    return undefined
  }
  const media = content[type] as Node | undefined
  if (media === undefined) throw breach('the contract has no such content')
  if (method === 'HEAD') return undefined
  if (type === 'application/problem+json') return { json: problemOf(Object.keys(media['examples'] as Node)) }
  if (type === 'text/event-stream') return { line: eventOf }
  if (type === 'application/x-ndjson') {
    const check = checkOf(media['x-line'])
    return { line: (line) => check(JSON.parse(String(line))) }
  }
  return type === 'application/json' ? { json: checkOf(media['schema']) } : undefined
}

/** A line of a stream of server-sent events. */
const eventOf: Check = (line) =>
  typeof line === 'string' && line.startsWith('data: ') ? checkOfNamed('Event')(JSON.parse(line.slice(6))) : undefined

/** A problem whose code is one of those that are listed. */
const problemOf =
  (codes: readonly string[]): Check =>
  (value) => {
    const code = at(value, 'code')
    return codes.some((one) => one === code) ? checkOfNamed('Problem')(value) : `the code ${String(code)} is none of ${codes.join(', ')}`
  }

/** Holds a whole answer against the contract. @throws {Breach} */
export function assertAnswer(head: Head, body: string): void {
  const check = assertHead(head)
  const wrong =
    check?.json?.(JSON.parse(body)) ??
    body
      .split('\n')
      .filter(Boolean)
      .map((line) => check?.line?.(line))
      .find(Boolean)
  if (wrong) throw new Breach(head, `${wrong}; it is ${body.slice(0, 300)}`)
}
