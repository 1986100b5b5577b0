import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { factNames } from '../../src/http/problem-schema.js'
import { statusOf } from '../../src/http/problem.js'
import { checkOfNamed } from '../support/contract.js'
import { anApp } from './an-app.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const written = await readFile(`${root}openapi.yaml`, 'utf8')
interface Document {
  readonly paths: Record<string, Record<string, unknown>>
  readonly components: { readonly examples: Record<string, { value: Record<string, unknown> }> }
}
const contract = parse(written) as Document

test('openapi.yaml is what the routes say; `npm run openapi` writes it anew', async () => {
  const app = await anApp()
  await app.ready()
  expect(written).toBe(app.swagger({ yaml: true }))
})

/** From a tree of paths, each with the methods of a route, `GET /v1/bosses/{boss}` and so on. */
function routesOf(tree: string): string[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const [, branch = '', part = '', methods = ''] = /^([│ ]*[├└]── )(\S+)(?: \((.+)\))?$/.exec(line) ?? []
    if (branch === '') return []
    above.splice(branch.length / 4 - 1, Infinity, part)
    const path = above.join('').replaceAll(/:(\w+)/g, '{$1}')
    return methods
      .split(', ')
      .filter(Boolean)
      .map((method) => `${method} ${path}`)
  })
}

test('every route is documented, and nothing else is', async () => {
  const app = await anApp()
  await app.ready()
  const routes = routesOf(app.printRoutes({ commonPrefix: false }))
  const documented = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  // HEAD comes with each GET
  expect(routes.filter((route) => !route.startsWith('HEAD ')).sort()).toEqual(documented.sort())
})

test('redocly has nothing against it', async () => {
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [`${root}node_modules/@redocly/cli/bin/cli.js`, 'lint', '--config', 'redocly.yaml', 'openapi.yaml'],
    {
      cwd: root,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    },
  )
  expect(stderr).toContain('Your API description is valid')
  expect(stderr).not.toMatch(/warning|error/)
})

test('each problem has an example that is one', () => {
  for (const [code, { value }] of Object.entries(contract.components.examples)) {
    expect(checkOfNamed('Problem')(value), code).toBeUndefined()
    expect(value).toMatchObject({ code, status: statusOf[code as keyof typeof statusOf] })
  }
})

test('docs/api.md lists every code under its status, and every fact', async () => {
  const page = await readFile(`${root}docs/api.md`, 'utf8')
  const rows = new Map([...page.matchAll(/^\| (\d{3}) \| (.+) \|$/gm)].map(([, status, text = '']) => [Number(status), text]))
  for (const [code, status] of Object.entries(statusOf)) expect(rows.get(status), `row ${status}`).toContain(`\`${code}\``)
  const facts = /^\| fact \|[^]*?\n\n/m.exec(page)?.[0] ?? ''
  expect([...facts.matchAll(/`(\w+)`/g)].map(([, fact]) => fact)).toEqual(expect.arrayContaining(factNames))
})
