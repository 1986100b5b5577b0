import type { Distribution } from '../workshop/histogram.js'

type Labels = Readonly<Record<string, string>>
/** One number of a family, told apart from the others by its labels. */
export interface Sample {
  readonly labels?: Labels
  readonly value: number
}

/** Numbers of one meaning. */
export interface Family {
  /** Without the suffix that its type demands; ends with its unit, if it has one. */
  readonly name: string
  readonly unit?: 'seconds' | 'bytes'
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'info' | 'histogram'
  readonly samples: readonly Sample[] | Distribution
}

/** How figures are written: as OpenMetrics, or in the older form that everything reads. */
export type Format = 'openmetrics' | 'prometheus'

/** `Content-Type` of each. */
export const contentTypes: Readonly<Record<Format, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
}

/** What samples of a type are called behind the name of their family. */
const suffixes: Readonly<Record<Family['type'], string>> = { counter: '_total', gauge: '', info: '_info', histogram: '' }

/**
 * Writes families as text, in the order given.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/ and https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function render(families: readonly Family[], format: Format): string {
  const text = families.map((family) => headOf(family, format) + samplesOf(family)).join('')
  return format === 'openmetrics' ? `${text}# EOF\n` : text
}

/** The older form knows no families whose samples are called otherwise, no units and no `info`. */
function headOf({ name, type, unit, help }: Family, format: Format): string {
  const [known, typed] = format === 'openmetrics' ? [name, type] : [name + suffixes[type], type === 'info' ? 'gauge' : type]
  const measured = format === 'openmetrics' && unit ? `# UNIT ${known} ${unit}\n` : ''
  return `# TYPE ${known} ${typed}\n${measured}# HELP ${known} ${escaped(help, format)}\n`
}

function samplesOf({ name, type, samples }: Family): string {
  if (!('bounds' in samples)) return samples.map(({ labels, value }) => line(name + suffixes[type], value, labels)).join('')
  const { bounds, counts, sum } = samples
  let below = 0
  const buckets = counts.map((n, at) => `${name}_bucket{le="${endOf(bounds[at])}"} ${(below += n)}\n`)
  return `${buckets.join('')}${line(`${name}_count`, below)}${line(`${name}_sum`, sum)}`
}

/** Canonical for OpenMetrics: with a fraction. */
const endOf = (bound: number | undefined) => (bound === undefined ? '+Inf' : Number.isInteger(bound) ? `${bound}.0` : `${bound}`)

function line(name: string, value: number, labels: Labels = {}): string {
  const all = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text, 'openmetrics')}"`)
  return `${name}${all.length > 0 ? `{${all.join(',')}}` : ''} ${value === Infinity ? '+Inf' : value}\n`
}

const special = /[\\\n"]/

/** The older form does not escape quotes in help. */
const escaped = (text: string, format: Format) => {
  if (!special.test(text)) return text
  const plain = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return format === 'openmetrics' ? plain.replaceAll('"', '\\"') : plain
}

/** The form that an `Accept` header prefers: OpenMetrics where it takes both equally, or says nothing. */
export function preferred(accept: string | undefined): Format {
  const ranges = (accept ?? '*/*').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return { type, q: quality === undefined ? 1 : Number(quality) || 0 }
  })
  /** What counts is the range that says most. */
  const qualityOf = (...names: readonly string[]) => {
    for (const name of names) {
      const q = ranges.filter(({ type }) => type === name).map((range) => range.q)
      if (q.length > 0) return Math.max(...q)
    }
    return 0
  }
  const open = qualityOf('application/openmetrics-text', 'application/*', '*/*')
  return open > 0 && open >= qualityOf('text/plain', 'text/*', '*/*') ? 'openmetrics' : 'prometheus'
}
