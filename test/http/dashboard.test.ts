import { readdirSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { gzipSync, gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { lineTest as test, startDaemon } from '../support/daemon.js'
import { stranger } from '../support/breaches.js'

const built = fileURLToPath(new URL('../../dist/dashboard/assets/', import.meta.url))
const most = 60 * 1024

test('the page loads nothing but files of its own, whose names change with what is in them', async ({ daemon }) => {
  const { headers, body } = await daemon.get<Buffer>('/')
  const html = body.toString()
  expect(headers.get('cache-control')).toBe('no-cache')
  expect(headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'")
  expect(html).not.toMatch(/<style|<script>|<[^>]* (style|on\w+)=|https?:/i)
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, target = '']) => target)
  expect(loaded.length).toBeGreaterThan(2)
  for (const target of loaded) {
    expect(target).toMatch(/^\.\/assets\/[\w-]+-[\w-]{8}\.(js|css|svg)$/)
    const file = await daemon.get<Buffer>(target.slice(1), { 'accept-encoding': 'gzip' })
    expect(file).toMatchObject({ status: 200 })
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  }
  const again = await daemon.get('/', { 'if-none-match': headers.get('etag') ?? '' })
  expect(again.status).toBe(304)
  // a browser takes the policy of the newest answer
  expect(again.headers.get('content-security-policy')).toBe(headers.get('content-security-policy'))
})

test('files are sent as the build packed them to who takes gzip, and as they are to others; there are no others', async ({ daemon }) => {
  const [script = ''] = readdirSync(built).filter((name) => name.endsWith('.js'))
  // fetch unpacks by itself
  const raw = (accept: string) =>
    new Promise<Buffer>((resolve) =>
      request(`${daemon.url}/assets/${script}`, { headers: { 'accept-encoding': accept } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)))
      }).end(),
    )
  const [packed, plain] = [await raw('gzip'), await raw('identity')]
  expect(gunzipSync(packed)).toEqual(plain)
  expect(packed.length).toBeLessThanOrEqual(gzipSync(plain, { level: 9 }).length)
  for (const name of ['index.html', `${script}.gz`, '..%2Findex.html', '%2e%2e%2fmain.js', 'none.js', '.js'])
    expect((await daemon.get(`/assets/${name}`)).status, name).toBe(404)
})

test('all its JavaScript together is at most 60 kB as it is sent', () => {
  const scripts = readdirSync(built).filter((name) => name.endsWith('.js.gz'))
  const bytes = scripts.reduce((sum, name) => sum + statSync(built + name).size, 0)
  expect(bytes).toBeGreaterThan(10 * 1024)
  expect(bytes).toBeLessThanOrEqual(most)
})

test('under the path of a proxy its address ends with a slash, for what it loads lies beside it', async () => {
  const daemon = await startDaemon({ args: ['--base-path', '/taylord'] })
  stranger(daemon.url) // the contract is about what lies below the path
  const bare = await fetch(`${daemon.url}/taylord`, { redirect: 'manual' })
  expect([bare.status, bare.headers.get('location')]).toEqual([308, '/taylord/'])
  const html = await (await fetch(`${daemon.url}/taylord/`)).text()
  const [, script = ''] = /src="\.(\/assets\/[^"]+)"/.exec(html) ?? []
  expect((await fetch(`${daemon.url}/taylord${script}`)).status).toBe(200)
})
