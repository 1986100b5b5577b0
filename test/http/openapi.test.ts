import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { anApp } from './an-app.js'

test('openapi.yaml is what the routes say; `npm run openapi` writes it anew', async () => {
  const app = await anApp()
  await app.ready()
  expect(await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')).toBe(app.swagger({ yaml: true }))
})
