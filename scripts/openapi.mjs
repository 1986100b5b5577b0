// Writes openapi.yaml from the routes' schemas, as built in dist.
import { writeFile } from 'node:fs/promises'
import { pino } from 'pino'
import { buildApp } from '../dist/http/app.js'

// nothing is called while the contract is written
const app = await buildApp({
  workshop: {},
  feed: {},
  machine: {},
  logger: pino({ level: 'silent' }),
  maxRows: 0,
  shelf: {},
  openFiles: 20_000,
  goDown: {},
  version: '',
})
await app.ready()
await writeFile(new URL('../openapi.yaml', import.meta.url), app.swagger({ yaml: true }))
await app.close()
