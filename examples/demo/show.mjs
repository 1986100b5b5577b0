import { basename } from 'node:path'
import { kilobytes, megabytes, seconds } from './text.mjs'

const barWidth = 40
const redrawMs = 100

/** The core of an event, by its node if it is not the daemon's own. */
const coreOf = ({ node, cpus }) => (node === undefined ? `${cpus[0]}` : `${node}:${cpus[0]}`)

/** Shows a job's progress on `out`: a bar and a line for each core on a terminal, elsewhere a plain line each tenth of the way. */
export const showOn = (out) => (out.isTTY ? new Screen(out) : new Log(out))

/** How far a job has come. */
class Progress {
  begin({ name, cpus, files }) {
    this.name = name
    this.files = files.length
    this.bytes = files.reduce((sum, { bytes }) => sum + bytes, 0)
    this.done = 0
    this.doneBytes = 0
    this.start = performance.now()
    this.cores = new Map(cpus.map((cpu) => [cpu, { files: 0, cpuTime: 0, last: 'waits' }]))
  }

  started(file, entry) {
    const core = this.cores.get(coreOf(entry))
    if (core) core.last = `${basename(file.name)} (${kilobytes(file.bytes)}) …`
  }

  reported(file, entry) {
    const { outcome, usage, report } = entry
    this.done++
    this.doneBytes += file.bytes
    const core = this.cores.get(coreOf(entry))
    if (!core) return
    core.files++
    core.cpuTime += usage.cpu
    const size = kilobytes(file.bytes) + (report?.compressed === undefined ? '' : ` → ${kilobytes(report.compressed)}`)
    core.last = outcome === 'succeeded' ? `${basename(file.name)} (${size})` : `${basename(file.name)} ${outcome}`
  }

  get share() {
    return this.doneBytes / this.bytes
  }

  get line() {
    const time = seconds((performance.now() - this.start) / 1000)
    const percent = `${Math.floor(this.share * 100)} %`.padStart(5)
    return `${this.name.padEnd(9)} ${percent}  ${this.done} of ${this.files} files, ${megabytes(this.doneBytes)}, ${time}`
  }
}

class Log extends Progress {
  constructor(out) {
    super()
    this.out = out
  }

  begin(job) {
    super.begin(job)
    this.told = 0
  }

  reported(file, entry) {
    super.reported(file, entry)
    const tenths = Math.floor(this.share * 10)
    if (tenths > this.told) this.out.write(`${this.line}\n`)
    this.told = tenths
  }

  end() {}
}

class Screen extends Progress {
  constructor(out) {
    super()
    this.out = out
  }

  begin(job) {
    super.begin(job)
    this.drawn = 0
    this.draw()
    this.timer = setInterval(() => this.draw(), redrawMs)
  }

  end() {
    clearInterval(this.timer)
    this.draw()
  }

  draw() {
    const filled = Math.round(this.share * barWidth)
    const lines = [`${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${this.line}`]
    for (const [cpu, { files, cpuTime, last }] of this.cores) {
      lines.push(`  core ${cpu.padEnd(3)} ${String(files).padStart(4)} files  ${seconds(cpuTime).padStart(7)} CPU  ${last}`)
    }
    const up = this.drawn === 0 ? '' : `\x1b[${this.drawn}A`
    // each line is cut at the terminal's width, as a wrapped one would move all that follow, and cleared to its end
    this.out.write(up + lines.map((line) => `${line.slice(0, this.out.columns - 1)}\x1b[K\n`).join(''))
    this.drawn = lines.length
  }
}
