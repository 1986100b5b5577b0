import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Gantt } from '../../src/cli/html-gantt.js'
import { html } from '../../src/cli/html.js'
import type { ReportEntry } from '../../src/client/client.js'
import { rowsOf } from '../../src/dashboard/compose/file.js'
import { cellsOf, csvOf } from '../../src/dashboard/parts/csv.js'
import { boundOf, samplesOf } from '../../src/dashboard/system/metrics.js'

const kinds = [
  {
    kind: 'command',
    schema: {},
    footprint: {
      attr: {
        kind: { values: ['command'] },
        program: {},
        args: { type: 'FPList', alias: ['argv'] },
        quick: { type: 'bool' },
        code: { type: 'int' },
      },
    },
  },
]
const entry = (more: Partial<ReportEntry> = {}): ReportEntry => ({
  ...{ seq: 1, instruction: 1, name: 'one', kind: 'noop', outcome: 'succeeded', report: null, attempt: 1, scheduler_ticket: 0, cpus: [0] },
  ...{ started_at: '2026-01-01T00:00:00.000Z', finished_at: '2026-01-01T00:00:01.000Z', usage: { wall: 1, cpu: null, max_rss: null } },
  ...more,
})

test('whatever stands in cells of a report is read from its CSV as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('a', 'a,b', '"', '\r\n', '=1'), (some, other) => {
      const name = some + other
      expect(cellsOf(csvOf([entry({ name, report: { name } })]))).toMatchObject([{ 1: name, 16: JSON.stringify({ name }) }])
    }),
  )
})

test('cells of a CSV are what their attributes are; empty ones are not given, and what is no value of its type stays as it is', () => {
  const csv = '\uFEFFprogram;args;argv;quick;code;memory;name\r\nls;"[""-l"", 1]";a;TRUE;07;1e3;\n;;;no;x;;"a\n""b"""\n'
  expect(rowsOf(csv, kinds, 'command')).toEqual([
    { program: 'ls', args: ['-l', 1], argv: ['a'], quick: true, code: 7, memory: 1000 },
    { quick: 'no', code: 'x', name: 'a\n"b"' },
  ])
})

test.each([
  ['', 'there are no rows in it'],
  ['name\n', 'there are no rows in it'],
  ['a,b\n1,2,3\n', 'row 1 has 3 cells, and there are 2 columns'],
  ['a,a\n1,2\n', 'two columns have one name: a, a'],
  ['a,b\n"1"2,3\n', 'a quote does not end its cell: "1"2,3'],
  ['[{}, 1]', 'row 2 is no object'],
  ['{}\n\n[]\n', 'line 3 is no JSON object: []'],
])('a file that holds %j is refused: %s', (text, why) => {
  expect(() => rowsOf(text, kinds, 'command')).toThrow(why)
})

test('a bound of what a histogram counted leaves out what was counted before', () => {
  const samples = (few: number, many: number) =>
    samplesOf(`# TYPE lag histogram\nlag_bucket{le="0.1"} ${few}\nlag_bucket{le="1.0"} ${many}\nlag_bucket{le="+Inf"} ${many}\n`)
  expect(boundOf(samples(90, 100), undefined, 'lag', 0.9)).toBe(0.1)
  expect(boundOf(samples(90, 100), undefined, 'lag', 0.99)).toBe(1)
  expect(boundOf(samples(190, 200), samples(90, 100), 'lag', 0.99)).toBe(0.1)
  expect(boundOf(samples(90, 100), samples(90, 100), 'lag', 0.99)).toBeUndefined()
})

test('a Gantt is as large for a hundred thousand instructions as for some: what shares a column is one bar, as bad as the worst', () => {
  const from = Date.parse('2026-01-01T00:00:00Z')
  const gantt = new Gantt(from, from + 100_000)
  const at = (ms: number) => new Date(from + ms).toISOString()
  for (let n = 0; n < 100_000; n++)
    gantt.add(entry({ cpus: [n % 4], outcome: n === 50_000 ? 'failed' : 'succeeded', started_at: at(n), finished_at: at(n + 1) }))
  gantt.add(entry({ name: '<alone>', cpus: [], scheduler_ticket: 7, started_at: at(0), finished_at: at(50_000) }))
  gantt.add(entry({ started_at: null }))
  const { text } = gantt.svg()
  expect(text.length).toBeLessThan(10_000)
  expect([...text.matchAll(/>(CPU \d|ticket \d)</g)].map(([, name]) => name)).toEqual(['CPU 0', 'CPU 1', 'CPU 2', 'CPU 3', 'ticket 7'])
  expect(text.match(/class="failed"/g)).toHaveLength(1)
  expect(text).toContain('&#60;alone&#62;: succeeded, 50 s')
  expect(html`<b title="${`"'<&>`}">${[html`<i>`]}</b>`.text).toBe('<b title="&#34;&#39;&#60;&#38;&#62;"><i></b>')
})
