import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { Shelf } from '../../src/arrays/shelf.js'
import type { Feed } from '../../src/feed.js'
import { buildApp } from '../../src/http/app.js'
import { unguarded } from '../../src/http/doors/door.js'
import { openapi } from '../../src/http/openapi.js'
import type { Workshop } from '../../src/workshop/contract.js'

/** The HTTP interface over what a test needs of a workshop: by default nothing, for what is refused before it. */
export const anApp = (workshop: Partial<Workshop> = {}): Promise<FastifyInstance> =>
  buildApp({
    workshop: workshop as Workshop,
    feed: {} as Feed,
    machine: { cpus: 4, memoryMiB: 1000 },
    policies: [],
    logger: pino({ level: 'silent' }),
    maxRows: 3,
    shelf: {} as Shelf,
    uploadIdleMs: 1_000,
    openFiles: 20_000,
    door: unguarded(),
    goDown: { graceSeconds: 8, ask: () => undefined },
    version: '1.2.3',
    describe: async (app) => app.register(swagger, openapi),
  })
