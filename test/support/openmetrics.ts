/** One sample as it is written. */
export interface Read {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A family as a strict reader finds it. */
export interface ReadFamily {
  readonly type: string
  readonly unit: string | undefined
  readonly help: string | undefined
  readonly samples: readonly Read[]
}

/** What samples of a type are called behind the name of their family. */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  info: ['_info'],
  histogram: ['_bucket', '_count', '_sum'],
}
const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=[a-zA-Z_])|$)/y

function labelsOf(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {}
  for (label.lastIndex = 0; label.lastIndex < text.length; ) {
    const [, name = '', value = ''] = label.exec(text) ?? []
    if (name === '') throw new Error(`its labels cannot be read: ${line}`)
    if (Object.hasOwn(labels, name)) throw new Error(`it names a label twice: ${line}`)
    labels[name] = value
  }
  return labels
}

function numberOf(text: string, line: string): number {
  if (text === '+Inf') return Infinity
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) throw new Error(`its value is no number: ${line}`)
  return Number(text)
}

/**
 * Reads OpenMetrics 1.0 as its grammar and its rules of names, units, types and histograms have it, and takes nothing else.
 * @throws Error that names what is wrong.
 */
export function readOpenMetrics(text: string): Map<string, ReadFamily> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('it does not end with # EOF')
  return readFamilies(text.slice(0, -'# EOF\n'.length), suffixes)
}

/** Reads the text form 0.0.4 of Prometheus: a family is called as its samples are. */
export function readPrometheus(text: string): Map<string, ReadFamily> {
  return readFamilies(text, { counter: [''], gauge: [''], histogram: suffixes['histogram'] ?? [] })
}

function readFamilies(text: string, suffixesOf: Readonly<Record<string, readonly string[]>>): Map<string, ReadFamily> {
  if (!text.endsWith('\n')) throw new Error('its last line has no end')
  const families = new Map<string, { type: string; unit?: string; help?: string; samples: Read[] }>()
  const seen = new Set<string>()
  let name = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, of = '', rest = ''] = /^# (TYPE|UNIT|HELP) (\S+) (.*)$/.exec(line) ?? []
    if (keyword === 'TYPE') {
      if (!suffixesOf[rest]) throw new Error(`no such type: ${line}`)
      if (families.has(of)) throw new Error(`its family is there already: ${line}`)
      families.set(of, { type: rest, samples: [] })
      name = of
      continue
    }
    const family = families.get(name)
    if (!family) throw new Error(`it stands before any family: ${line}`)
    if (keyword) {
      if (of !== name || family.samples.length > 0) throw new Error(`it stands where it does not belong: ${line}`)
      if (keyword === 'HELP') family.help = rest
      else if (!name.endsWith(`_${rest}`)) throw new Error(`its name does not end with its unit: ${line}`)
      else family.unit = rest
      continue
    }
    const [, sample = '', labels = '', value = ''] = sampleLine.exec(line) ?? []
    if (!(suffixesOf[family.type] ?? []).some((suffix) => name + suffix === sample)) throw new Error(`it is no sample of ${name}: ${line}`)
    const id = line.slice(0, line.lastIndexOf(' '))
    if (seen.has(id)) throw new Error(`it comes twice: ${line}`)
    seen.add(id)
    family.samples.push({ name: sample, labels: labelsOf(labels, line), value: numberOf(value, line) })
  }
  for (const [of, { type, samples }] of families) {
    if (samples.length === 0) throw new Error(`${of} has no samples`)
    if (type === 'histogram') checkHistogram(of, samples)
    if (type !== 'gauge' && samples.some(({ value }) => value < 0)) throw new Error(`${of} is below 0`)
  }
  return families as Map<string, ReadFamily>
}

function checkHistogram(name: string, samples: readonly Read[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`)
  const ends = buckets.map(({ labels }) => numberOf(labels['le'] ?? '', `${name}_bucket`))
  if (ends.at(-1) !== Infinity) throw new Error(`the last bucket of ${name} is not +Inf`)
  if (ends.some((end, at) => at > 0 && end <= (ends[at - 1] ?? 0))) throw new Error(`the buckets of ${name} do not rise`)
  if (buckets.some(({ value }, at) => at > 0 && value < (buckets[at - 1]?.value ?? 0))) throw new Error(`the counts of ${name} fall`)
  const [count] = samples.filter((sample) => sample.name === `${name}_count`)
  if (count?.value !== buckets.at(-1)?.value) throw new Error(`the count of ${name} is not that of its last bucket`)
  if (!samples.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name} has no sum`)
}
