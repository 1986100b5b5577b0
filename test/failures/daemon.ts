import { fileURLToPath } from 'node:url'
import { test } from 'vitest'
import { startDaemon, type Daemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

/** Kinds that misbehave. */
export const failureKinds = fileURLToPath(new URL('kinds', import.meta.url))

/** A program that takes 8 MiB every 20 ms. */
export const glutton = {
  program: process.execPath,
  args: ['-e', 'const all = []; setInterval(() => all.push(Buffer.alloc(2 ** 23, 1)), 20)'],
}

/** A test with a daemon and a directory of its own. */
export const failuresTest = test.extend<{ daemon: Daemon; dir: string }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from it which fixtures are wanted
  daemon: async ({}, use) => use(await startDaemon({ plugins: failureKinds })),
  // oxlint-disable-next-line no-empty-pattern -- as above
  dir: async ({}, use) => use(tempDir()),
})
