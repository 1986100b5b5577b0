import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test as plainTest } from 'vitest'
import { lineTest as test, startDaemon, type Daemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

/** Asks for a path as it is written, which fetch would tidy up. */
async function ask(daemon: Daemon, method: string, path: string, body?: Uint8Array) {
  const { hostname, port } = new URL(daemon.url)
  const sent = request({ hostname, port, method, path }).end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, body: await text(response) }
}

/** A shared array of one number. */
const npy = (() => {
  const head = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }".padEnd(117) + '\n'
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, 118, 0]),
    Buffer.from(head, 'latin1'),
    Buffer.alloc(8),
  ])
})()

const ways = [
  '..',
  '%2e%2e',
  '..%2f..',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%5c..',
  '....//',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'a%00b',
  '.%2e',
  '%252e%252e',
]

test.for(ways)('no path leads out of what the daemon serves: %s', async (way, { daemon }) => {
  const boss = await daemon.hire({ end: true, instructions: [{ kind: 'command', program: 'echo', args: ['x'.repeat(20_000)] }] })
  await daemon.reportOnceOver(boss)
  const mine = `/v1/bosses/${boss.id}`
  for (const path of [
    `/${way}/etc/passwd`,
    `/v1/bosses/${way}`,
    `${mine}/instructions/${way}/output`,
    `${mine}/instructions/1/${way}`,
    `${mine}/arrays/${way}`,
    `/openapi.yaml/${way}`,
    `/docs/${way}`,
  ]) {
    const { status, body } = await ask(daemon, 'GET', path)
    expect([404, 405, 422].includes(status), `${path}: ${status} ${body.slice(0, 200)}`).toBe(true)
    expect(body).not.toContain('root:')
  }
  const query = encodeURIComponent(decodeURIComponent(way.replace('%252e', '%2e')))
  expect((await ask(daemon, 'GET', `${mine}/instructions/1/output?stream=${query}`)).status).toBe(422)
  expect((await ask(daemon, 'GET', `${mine}/instructions/1/output?attempt=${query}`)).status).toBe(422)
})

test('an array is a file in its own place, whatever it is called', async ({ daemon }) => {
  const boss = await daemon.hire()
  const before = readdirSync(daemon.data).toSorted()
  for (const way of ways) {
    const { status } = await ask(daemon, 'PUT', `/v1/bosses/${boss.id}/arrays/${way}`, npy)
    expect([404, 422].includes(status), `${way}: ${status}`).toBe(true)
  }
  for (const name of ['../x', '/tmp/x', 'a/b', '..', '.', 'a\0', 'x.npy'])
    expect((await daemon.post('/v1/bosses', { arrays: { [name]: { dtype: '<f8', shape: [1] } } })).status, name).toBe(422)
  expect((await ask(daemon, 'PUT', `/v1/bosses/${boss.id}/arrays/fine`, npy)).status).toBeLessThan(300)
  expect(readdirSync(daemon.data).toSorted()).toEqual(before)
})

test('a Boss has no path for a name, and its outputs stay below their directory', async ({ daemon }) => {
  for (const name of ['../x', '/etc', 'a/b', '..', '.', 'a\0b', 'a\nb', ' '])
    expect((await daemon.post('/v1/bosses', { name })).status, name).toBe(422)
  const name = '../../../../tmp/out'
  const boss = await daemon.hire({ end: true, instructions: [{ kind: 'command', name, program: 'echo', args: ['y'.repeat(20_000)] }] })
  const [entry] = (await daemon.reportOnceOver(boss)).workers_report
  expect(entry).toMatchObject({ name, outcome: 'succeeded' })
  expect((await ask(daemon, 'GET', `/v1/bosses/${boss.id}/instructions/1/output`)).body).toHaveLength(20_001)
  expect(existsSync(join(daemon.data, '../../../../tmp/out'))).toBe(false)
})

plainTest('only files of the plugins directory itself are plugins, and no request names one', async () => {
  const dir = tempDir()
  const plugins = join(dir, 'plugins')
  mkdirSync(join(plugins, 'deep'), { recursive: true })
  const kind = (name: string) => `export default { worker: '${name}', footprint: { attr: { kind: { values: ['${name}'] } } }, task() {} }`
  writeFileSync(join(plugins, 'good.mjs'), kind('good'))
  writeFileSync(join(plugins, 'deep', 'hidden.mjs'), kind('hidden'))
  writeFileSync(join(plugins, 'text.txt'), kind('text'))
  symlinkSync('/nowhere', join(plugins, 'dangling.mjs'))
  const daemon = await startDaemon({ plugins })
  const { body } = await daemon.get<{ items: { kind: string }[] }>('/v1/kinds')
  expect(body.items.map((item) => item.kind)).toEqual(expect.arrayContaining(['good']))
  expect(body.items.map((item) => item.kind).filter((name) => ['hidden', 'text'].includes(name))).toEqual([])
  for (const name of ['../evil', join(dir, 'plugins', 'deep', 'hidden.mjs'), 'file:///etc/passwd', 'data:text/javascript,1', 'node:fs'])
    expect((await daemon.post('/v1/bosses', { instructions: [{ kind: name }] })).status).toBe(422)
})
