import Schema from 'typebox/schema'
import { anApp } from '../http/an-app.js'

type Node = Readonly<Record<string, unknown>>
const at = (node: unknown, ...path: readonly string[]) => path.reduce<unknown>((value, key) => (value as Node | undefined)?.[key], node)

/** The contract as the routes write it; `openapi.test.ts` holds that openapi.yaml is the same. */
const contract = (async () => {
  const app = await anApp()
  await app.ready()
  return app.swagger() as unknown as Node
})()

const matches = (template: string, path: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path)

/**
 * Holds an answer against the contract.
 * @param path without a query.
 * @throws Error that says where the two differ; also for an answer that the contract does not know at all.
 */
export async function assertContract(method: string, path: string, status: number, contentType: string, body: unknown): Promise<void> {
  const document = await contract
  const what = `${method} ${path} → ${status} ${contentType}`
  const [template] = Object.keys(document['paths'] as Node).filter((candidate) => matches(candidate, path))
  const operation = template === undefined ? undefined : at(document, 'paths', template, method.toLowerCase())
  if (operation === undefined) {
    if (status === 404) return
    throw new Error(`${what}: the contract has no such operation`)
  }
  const answer = at(operation, 'responses', String(status))
  if (answer === undefined) throw new Error(`${what}: the contract has no such status`)
  const [type] = contentType.split(';')
  if (status === 204) return
  const content = at(answer, 'content', type ?? '')
  if (content === undefined) throw new Error(`${what}: the contract has no such content`)
  if (!type?.endsWith('json') || body === undefined) return
  const schema = { ...(at(content, 'schema') as Node), components: document['components'] }
  const [valid, errors] = Schema.Errors(schema, body)
  if (!valid) throw new Error(`${what} is not what the contract says: ${JSON.stringify(errors.slice(0, 3))}`)
}
