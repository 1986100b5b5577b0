import { basename } from 'node:path'
import { megabytes } from './table.mjs'

const redrawMs = 250
const lineMs = 5_000
const barWidth = 40

/**
 * Shows how far a Boss is: on a terminal a bar and under it one line a core, elsewhere a plain line every 5 s.
 * @param cores one line each, by number.
 * @returns `take`, for its events, and `end`.
 */
export function showProgress(address, files, cores) {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const begun = performance.now()
  let [done, bytes, drawn] = [0, 0, 0]
  const far = () =>
    `${done} of ${files.length} files, ${megabytes(bytes)} of ${megabytes(total)}, ${((performance.now() - begun) / 1000).toFixed(0)} s`
  const wipe = () => drawn && process.stdout.write(`\x1b[${drawn}A\x1b[J`)

  async function draw() {
    const working = await workers(address)
    if (timer === undefined) return
    const filled = Math.round((barWidth * bytes) / total)
    const lines = [`  ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}  ${far()}`]
    for (const core of cores) {
      const worker = working.find(({ cpus, instruction }) => instruction && cpus.includes(core))
      const file = worker && files[worker.instruction - 1]
      lines.push(`  core ${core}  ${file ? `${basename(file.path)} (${megabytes(file.bytes)})` : 'idle'}`)
    }
    wipe()
    // a line that wrapped would be two to wipe
    const width = (process.stdout.columns || 80) - 1
    process.stdout.write(`${lines.map((line) => line.slice(0, width)).join('\n')}\n`)
    drawn = lines.length
  }

  let timer = process.stdout.isTTY
    ? setInterval(() => void draw().catch(() => undefined), redrawMs) // what was not answered is drawn the next time
    : setInterval(() => console.log(`  ${far()}`), lineMs)
  return {
    take({ type, instruction }) {
      if (type !== 'instruction.reported') return
      done += 1
      bytes += files[instruction - 1].bytes
    },
    end() {
      clearInterval(timer)
      timer = undefined
      wipe()
      console.log(`  ${far()}`)
    },
  }
}

async function workers(address) {
  return (await (await fetch(`${address}/v1/workers`)).json()).items
}
