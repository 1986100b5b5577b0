import { readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { parse } from 'yaml'

declare module 'vitest' {
  interface ProvidedContext {
    /** openapi.yaml as JSON. */
    contract: Record<string, unknown>
  }
}

/** Runs once, before all files of tests: to read the contract takes a third of a second, and most of them need it. */
export default function setup({ provide }: TestProject): void {
  provide('contract', parse(readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8')) as Record<string, unknown>)
}
