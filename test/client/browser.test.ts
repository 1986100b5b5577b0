import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { rolldown } from 'rolldown'
import { expect } from 'vitest'
import type { Boss, Client } from '../../src/client/client.js'
import { lineTest } from '../support/daemon.js'

lineTest('the client that is published runs where there is nothing but what browsers have', async ({ daemon }) => {
  const entry = fileURLToPath(import.meta.resolve('taylord/client'))
  const build = await rolldown({ input: entry, platform: 'browser', resolve: { conditionNames: ['browser', 'import'] } })
  const { output } = await build.generate({ format: 'iife', name: 'taylord' })
  await build.close()
  expect(output).toHaveLength(1)
  const [{ code, imports, dynamicImports }] = output
  expect([...imports, ...dynamicImports]).toEqual([])
  expect(code).not.toMatch(/['"]node:|\brequire\(|\bBuffer\b/)

  const { fetch, WebSocket, Request, Response, Headers, URL, URLSearchParams, FormData, TextDecoder, TextEncoder } = globalThis
  const { ReadableStream, AbortController, AbortSignal, crypto, setTimeout, clearTimeout } = globalThis
  const browser = createContext({
    ...{ fetch, WebSocket, Request, Response, Headers, URL, URLSearchParams, FormData, TextDecoder, TextEncoder },
    ...{ ReadableStream, AbortController, AbortSignal, crypto, setTimeout, clearTimeout },
  })
  const { Client: InBrowser } = runInContext(`${code}; taylord`, browser) as { Client: typeof Client }
  const client = new InBrowser(daemon.url)
  const { id } = await client.create({ instructions: [{ kind: 'noop', value: 7 }], end: true })
  const types: string[] = []
  for await (const { type } of client.follow(id)) types.push(type)
  expect(types.at(-1)).toBe('boss.over')
  expect(await client.wait(id)).toMatchObject({ status: 'finished' } satisfies Partial<Boss>)
  const lines: string[] = []
  for await (const line of client.reportLines(id)) lines.push(line)
  expect(lines).toEqual([expect.stringContaining('"report":7')])
})
