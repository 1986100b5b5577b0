import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './temp.js'

/** What kinds and programs of a test wrote about themselves, and the gates that they wait at. */
export class Logbook {
  readonly file: string

  constructor(private readonly dir: string) {
    this.file = join(dir, 'log')
  }

  /** Path of a gate: what waits there goes on once it is open. */
  gate(name: string): string {
    return join(this.dir, `gate-${name}`)
  }

  open(name: string): void {
    writeFileSync(this.gate(name), '')
  }

  get lines(): string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n').filter(Boolean) : []
  }

  /** Names in the order in which they began. */
  get begun(): string[] {
    return this.lines.filter((line) => line.startsWith('+ ')).map((line) => line.slice(2))
  }

  /** How many were going on at once, at most. */
  get most(): number {
    let now = 0
    return this.lines.reduce((most, line) => Math.max(most, (now += line.startsWith('+') ? 1 : -1)), 0)
  }

  async untilWritten(line: string): Promise<void> {
    await until(() => this.lines.includes(line), `"${line}" in the log`)
  }

  /** A row of the kind `gated`. */
  gated(name: string, gate: string): Record<string, unknown> {
    return { kind: 'gated', name, gate: this.gate(gate), log: this.file }
  }

  /** A row of a program that lasts until `gate` is open, runs `also` before and writes when it begins and ends. */
  program(name: string, gate: string, also = ''): Record<string, unknown> {
    const script = `${also}
echo "+ $0" >> "$1"
until [ -e "$2" ]; do sleep 0.02; done
echo "- $0" >> "$1"`
    return { kind: 'command', name, program: 'sh', args: ['-c', script, name, this.file, this.gate(gate)] }
  }
}
