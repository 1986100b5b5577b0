import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { parse } from 'yaml'
import { lineTest as test, type Daemon } from '../support/daemon.js'
import { readPrometheus } from '../support/openmetrics.js'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `((?:taylord|process)_\w+)` \| (\w+) \| (.*?) \|/gm)]

async function scraped(daemon: Daemon) {
  const { body } = await daemon.get<Buffer>('/metrics', { accept: 'text/plain' })
  return readPrometheus(body.toString())
}

test('the table of docs/operations.md has the families of a scrape, with types and labels', async ({ daemon }) => {
  const documented = rows.map(([, name, type, labels]) => [name, type, [...(labels ?? '').matchAll(/`(\w+)`/g)].map(([, label]) => label)])
  const families = [...(await scraped(daemon))].map(([name, { type, samples }]) => [
    name,
    type,
    Object.keys(samples[0]?.labels ?? {}).filter((label) => label !== 'le'),
  ])
  const sorted = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort()
  expect(sorted(documented)).toEqual(sorted(families))
})

test('the alerts of docs/operations.md ask for series that there are', async ({ daemon }) => {
  const families = await scraped(daemon)
  const samples = [...families.values()].flatMap((family) => family.samples)
  const [, text = ''] = /^```yaml\n(groups:[\s\S]*?)^```$/m.exec(page) ?? []
  const { groups } = parse(text) as { groups: { rules: { alert: string; expr: string }[] }[] }
  const expressions = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr))
  expect(expressions.length).toBeGreaterThan(5)
  const asked = expressions.flatMap((expr) => [...expr.matchAll(/\b((?:taylord|process)_\w+)(?:\{(\w+)=~?"([\w|]+)"\})?/g)])
  for (const [series, name = '', label = '', values = ''] of asked) {
    const there = samples.filter((sample) => sample.name === name).map(({ labels }) => labels[label])
    const wanted = label === '' ? [undefined] : values.split('|')
    expect([series, there.length > 0, label === '' || wanted.every((value) => there.includes(value))]).toEqual([series, true, true])
  }
})
