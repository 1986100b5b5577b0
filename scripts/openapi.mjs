// Writes openapi.yaml from the routes' schemas, as built in dist, and the page that is made of it.
import { writeFile } from 'node:fs/promises'
import { pino } from 'pino'
import swagger from '@fastify/swagger'
import { buildApp } from '../dist/http/app.js'
import { unguarded } from '../dist/http/doors/door.js'
import { openapi } from '../dist/http/openapi.js'
import { pageOf } from './reader.mjs'

// nothing is called while the contract is written
const app = await buildApp({
  workshop: {},
  feed: {},
  machine: {},
  logger: pino({ level: 'silent' }),
  maxRows: 0,
  shelf: {},
  openFiles: 20_000,
  door: unguarded(),
  goDown: {},
  version: '',
  describe: async (building) => building.register(swagger, openapi),
})
await app.ready()
await writeFile(new URL('../openapi.yaml', import.meta.url), app.swagger({ yaml: true }))
await writeFile(new URL('../dist/docs.html', import.meta.url), pageOf('openapi.yaml'))
await app.close()
