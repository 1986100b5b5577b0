import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = [...readdirSync(root), ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter((name) => name.endsWith('.md'))

test.each(pages)('every link of %s to a file leads to one', (page) => {
  const targets = [...readFileSync(root + page, 'utf8').matchAll(/\]\(([^)\s#]+)[^)]*\)|(?:src|href)="([^"#]+)"/g)]
    .map(([, markdown, html]) => markdown ?? html ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
  expect(targets.filter((target) => !existsSync(resolve(root, dirname(page), target)))).toEqual([])
})
