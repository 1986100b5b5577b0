import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Copies of instructions that tell when they began, that they live, and when they ended. */
export class Stamps {
  private readonly file: string
  readonly gate: string

  constructor(dir: string) {
    this.file = join(dir, 'stamps')
    this.gate = join(dir, 'gate')
  }

  /** A program that lives until the gate is open, or for so many seconds. */
  row(name: string, seconds?: number): Record<string, unknown> {
    const stamp = (what: string) => `echo "${what} $TAYLORD_NAME $TAYLORD_ATTEMPT $(date +%s.%N)" >> ${this.file}`
    const goesOn = seconds === undefined ? `[ ! -e ${this.gate} ]` : `[ $((i += 1)) -le ${Math.ceil(seconds * 10)} ]`
    const script = `i=0; ${stamp('+')}; while ${goesOn}; do ${stamp('.')}; sleep 0.1; done; ${stamp('-')}`
    return { kind: 'command', name, program: 'sh', args: ['-c', script] }
  }

  private get lines(): { what: string; name: string; attempt: number; at: number }[] {
    const text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : ''
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
      .map(([what = '', name = '', attempt, at]) => ({ what, name, attempt: Number(attempt), at: Number(at) }))
  }

  /** Attempts that began, in that order. */
  attemptsOf(name: string): number[] {
    return this.lines.filter((line) => line.what === '+' && line.name === name).map(({ attempt }) => attempt)
  }

  /** How often it came to its end. */
  endsOf(name: string): number {
    return this.lines.filter((line) => line.what === '-' && line.name === name).length
  }

  /** s for which two copies of the same instruction ran at once, by name; those that did not are not there. */
  get overlaps(): Record<string, number> {
    const spans = new Map<string, Map<number, { from: number; to: number }>>()
    for (const { name, attempt, at } of this.lines) {
      const own = spans.get(name) ?? new Map<number, { from: number; to: number }>()
      spans.set(name, own)
      const span = own.get(attempt)
      own.set(attempt, { from: Math.min(at, span?.from ?? at), to: Math.max(at, span?.to ?? at) })
    }
    const overlap = (own: Map<number, { from: number; to: number }>) => {
      const all = [...own.values()].toSorted((a, b) => a.from - b.from)
      return Math.max(0, ...all.slice(1).map(({ from }, i) => Math.max(...all.slice(0, i + 1).map(({ to }) => to)) - from))
    }
    return Object.fromEntries([...spans].map(([name, own]) => [name, overlap(own)] as const).filter(([, seconds]) => seconds > 0))
  }
}
