import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { patience } from './scale.js'

/** A directory of this test alone, removed when it ends. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'taylord-test-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Waits until `holds` answers with something truthy, and returns that. */
export async function until<T>(
  holds: () => T | Promise<T>,
  what: string | (() => string),
  withinMs = patience(20_000),
): Promise<NonNullable<T>> {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await holds()
    if (value) return value
    if (Date.now() > end) throw new Error(`waited ${withinMs} ms in vain: ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
