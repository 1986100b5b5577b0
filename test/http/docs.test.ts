import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { lineTest as test } from '../support/daemon.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

test('the contract is served as it stands in the repository', async ({ daemon }) => {
  const { body } = await daemon.get<Buffer>('/openapi.yaml')
  expect(body.toString()).toBe(await readFile(`${root}openapi.yaml`, 'utf8'))
})

test('the page has every operation and schema, and is made of the contract that is served', async ({ daemon }) => {
  const { pageOf } = (await import(`${root}scripts/reader.mjs`)) as { pageOf: (file: string) => string }
  const html = (await daemon.get<Buffer>('/docs')).body.toString()
  expect(html, '`npm run build` makes it anew').toBe(pageOf(`${root}openapi.yaml`))
  const targets = [...html.matchAll(/ href="#(\w+)"/g)].map(([, id]) => id)
  expect(targets.length).toBeGreaterThan(100)
  const ids = [...html.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(targets.filter((id) => !ids.includes(id))).toEqual([])
})

test('the page needs nothing that its policy forbids: no script, no other host, no style but its own', async ({ daemon }) => {
  const { headers, body } = await daemon.get<Buffer>('/docs')
  const html = body.toString()
  const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  )
  expect(headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src ${styles.join(' ')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(styles).toHaveLength(1)
  expect(html).not.toMatch(/<(script|img|link|iframe|object|form|svg|base|meta http)\b|<[^>]* (style|on\w+|src)=|url\(|@import/i)
  expect([...html.matchAll(/href="([^#"][^"]*)"/g)].map(([, target]) => target)).toEqual(['openapi.yaml'])
})
