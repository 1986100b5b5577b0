/** Numbers by chance that a seed repeats. */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  /** Mulberry32: at least 0, less than 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  /** An integer from 1 to `most`; small ones are as likely as large ones. */
  size(most: number): number {
    return Math.min(most, Math.floor(Math.exp(this.next() * Math.log(most + 1))))
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  /** One of `choices`, by their weights. */
  of<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let at = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, choice] of choices) if ((at -= weight) < 0) return choice
    return choices[choices.length - 1]![1]
  }

  /** A further generator, which goes its own way. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32))
  }
}

/** The seed that `TAYLORD_SEED` repeats, or a new one. */
export function seedOf(env: NodeJS.ProcessEnv = process.env): number {
  const given = env['TAYLORD_SEED']
  if (given === undefined) return Math.floor(Math.random() * 2 ** 31)
  if (!/^\d+$/.test(given)) throw new Error(`TAYLORD_SEED must be a whole number; it is ${JSON.stringify(given)}`)
  return Number(given)
}
