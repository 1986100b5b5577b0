import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** Nobody reads it: it is written from the contract. */
const written = 'client/api.ts'
/** A file is read in one sitting; src/workshop.ts is the one place where everything meets. */
const mostOf = (path: string) => (path === 'workshop.ts' ? 500 : 300)

test('no file of src/ is too long to read', () => {
  const src = fileURLToPath(new URL('../../src/', import.meta.url))
  const lengths = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && path !== written)
    .map((path) => ({ path, lines: readFileSync(join(src, path), 'utf8').split('\n').length - 1 }))
  expect(lengths.length).toBeGreaterThan(0)
  expect(lengths.filter(({ path, lines }) => lines > mostOf(path))).toEqual([])
})
