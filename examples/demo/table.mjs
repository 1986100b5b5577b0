import { cpuTimeOf, kilobytes, megabytes, seconds } from './text.mjs'

/** What the two jobs came to, as text. */
export function tableOf(files, compression, digests) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const compressed = compression.entries.reduce((sum, { report }) => sum + report.compressed, 0)
  const speedUp = (job) => (cpuTimeOf(job) / job.wall).toFixed(2)
  const rows = [
    ['', compression.name, digests.name],
    ['files', files.length, files.length],
    ['bytes', megabytes(bytes), megabytes(bytes)],
    ['bytes compressed', megabytes(compressed), ''],
    ['wall time', seconds(compression.wall), seconds(digests.wall)],
    ['sum of CPU time', seconds(cpuTimeOf(compression)), seconds(cpuTimeOf(digests))],
    ['speed-up over one core', speedUp(compression), speedUp(digests)],
  ]
  const table = rows.map(([what, ...values]) => what.padEnd(24) + values.map((value) => String(value).padStart(12)).join(''))
  return [...table, '(speed-up: sum of CPU time / wall time)', '', 'the five longest:', ...longest(files, compression.entries)].join('\n')
}

function longest(files, entries) {
  const byTime = entries.map((entry, at) => ({ ...entry, file: files[at] })).sort((a, b) => b.usage.wall - a.usage.wall)
  return byTime.slice(0, 5).map(({ usage, file, report }) => {
    const sizes = `${kilobytes(file.bytes).padStart(9)} → ${kilobytes(report.compressed).padStart(8)}`
    return `  ${seconds(usage.wall).padStart(7)}  ${sizes}  ${file.name}`
  })
}

/** How to do the same with nothing but a shell. */
export const byHand = (url, cpus) => `the same by hand, in this directory:
  bin/taylord serve --port ${new URL(url).port} --data "$(mktemp -d)" --plugins examples/plugins
and in another terminal:
  curl ${url}/v1/bosses --json '{"name": "brotli", "scheduler": {"limit": "threads+memory", "max_threads": ${cpus.length}, "memory_per_task": 64, "binded": true}}'
  find "$PWD"/node_modules/* -type f -size +32767c -size -1048577c -printf '{"kind": "brotli", "path": "%p", "expected_time": %s}\\n' |
    curl ${url}/v1/bosses/brotli/instructions -X POST -H 'Content-Type: application/x-ndjson' -T -
  curl ${url}/v1/bosses/brotli/end -X POST
  curl '${url}/v1/bosses/brotli/report?interim=false' -H 'Prefer: wait=600'`
