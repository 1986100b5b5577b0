import { fileURLToPath } from 'node:url'
import { lineTestWith } from '../support/daemon.js'

/** Kinds that misbehave. */
export const failureKinds = fileURLToPath(new URL('kinds', import.meta.url))

/** A program that takes 8 MiB every 20 ms. */
export const glutton = {
  program: process.execPath,
  args: ['-e', 'const all = []; setInterval(() => all.push(Buffer.alloc(2 ** 23, 1)), 20)'],
}

/** A test with a daemon that has these kinds, which those of its file share. */
export const failuresTest = lineTestWith({ plugins: failureKinds })
