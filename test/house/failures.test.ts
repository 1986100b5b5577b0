import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const rows = readFileSync(`${docs}failures.md`, 'utf8')
  .split('\n')
  .filter((line) => /^\| F\d+ /.test(line))

test('each of the 24 failures has its test, and each test its row', () => {
  expect(rows.map((row) => /^\| (F\d+) /.exec(row)?.[1])).toEqual(Array.from({ length: 24 }, (_, i) => `F${i + 1}`))
  for (const row of rows) {
    const files = [...row.matchAll(/\]\((\.\.\/test\/[^)]+)\)/g)].map(([, file = '']) => file)
    expect(files.length, row).toBeGreaterThan(0)
    // what happened, its test, the figure in the suite, the full one, and what was measured with it
    const cells = row.split('|').slice(1, -1)
    expect(cells, row).toHaveLength(6)
    expect(
      cells.filter((cell) => cell.trim() === ''),
      row,
    ).toEqual([])
    for (const file of files) expect(existsSync(docs + file), file).toBe(true)
  }
  const named = rows.join('\n')
  const tests = readdirSync(fileURLToPath(new URL('../failures/', import.meta.url))).filter((file) => file.endsWith('.test.ts'))
  expect(tests.filter((file) => !named.includes(file))).toEqual([])
})
