import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { median } from './figures.ts'
import type { Machine } from './machine.ts'
import type { Row, Target } from './part.ts'

/** What one run of a part found, as it is kept. */
export interface Result {
  readonly id: string
  readonly help: string
  readonly notes: readonly string[]
  readonly date: string
  readonly commit: string
  readonly machine: Machine
  readonly runs: number
  readonly rows: readonly Row[]
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Keeps the result of a part in place of its last one, and makes RESULTS.md anew from all that are kept. */
export function keep(result: Result, order: readonly string[]): void {
  mkdirSync(here('results'), { recursive: true })
  writeFileSync(here(`results/${result.id}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  const kept = readdirSync(here('results'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(here(`results/${name}`), 'utf8')) as Result)
    .toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  writeFileSync(here('RESULTS.md'), pageOf(kept))
}

/** Whether the median reaches the target; undefined when there is none. */
export function met({ values, target }: Row): boolean | undefined {
  if (!target || values.length === 0) return undefined
  const value = median(values)
  return value >= (target.least ?? -Infinity) && value <= (target.most ?? Infinity)
}

/** A figure as a person reads it: three digits that count, thousands apart. */
export function figure(value: number): string {
  if (value === 0 || Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(digits)
}

export const targetText = ({ least, most }: Target): string =>
  [least !== undefined && `≥ ${figure(least)}`, most !== undefined && `≤ ${figure(most)}`].filter(Boolean).join(', ')

function pageOf(results: readonly Result[]): string {
  return `# What was measured

Made by \`npm run bench\`; [docs/bench.md](../docs/bench.md) says how. Each part has a date and a machine of its own. Figures are medians of
the runs, with the least and the most; those of the peers are from the same runs.

${results.map(sectionOf).join('\n')}`
}

function sectionOf({ id, help, notes, date, commit, machine, runs, rows }: Result): string {
  const { cpu, cores, memoryGiB, kernel, node, filesystem } = machine
  const lines = rows.map((row) => {
    const { what, unit, values, version = '', durability = '', target } = row
    const spread = values.length > 1 ? `${figure(Math.min(...values))} … ${figure(Math.max(...values))}` : ''
    const result = { true: 'yes', false: '**no**', undefined: '' }[String(met(row))]
    return `| ${[what, version, durability, `${figure(median(values))} ${unit}`, spread, target ? targetText(target) : '', result].join(' | ')} |`
  })
  return `## ${id.toUpperCase()}

${help}

${date.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}, ${runs} run${runs === 1 ? '' : 's'} · ${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, ${filesystem}, Node.js ${node}

| what | version | durability | median | least … most | target | met |
|---|---|---|--:|--:|--:|---|
${lines.join('\n')}
${notes.map((note) => `\n- ${note}`).join('')}
`
}
