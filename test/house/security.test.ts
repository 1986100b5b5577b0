import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const [, table = ''] = readFileSync(`${docs}security.md`, 'utf8').split('## What was tried')
const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| attack'))

test('each attack in docs/security.md names tests that are there, and each file of attacks is named', () => {
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) {
    const named = [...row.matchAll(/\[\w[\w-]*\]\((\.\.\/test\/[^)]+)\) "([^"]+)"/g)]
    expect(named.length, row).toBeGreaterThan(0)
    for (const [, file = '', title = ''] of named) {
      const titles = [...readFileSync(docs + file, 'utf8').matchAll(/(?:[tT]est|\))\(\s*(["'`])((?:\\.|(?!\1).)*)\1/g)].map(
        ([, , said]) => said,
      )
      expect(
        titles.filter((said) => said?.includes(title)),
        `${file}: ${title}`,
      ).not.toEqual([])
    }
  }
  const files = readdirSync(fileURLToPath(new URL('../attacks/', import.meta.url)))
  expect(files.filter((file) => !table.includes(`test/attacks/${file}`))).toEqual([])
})
