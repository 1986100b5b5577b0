/** A command that cannot be carried out as it was given; the message says what to do. */
export class BadUsage extends Error {}

/** What an option of a verb is: in help, in completions, and when the command line is read. */
export interface Option {
  /** What it takes, as in `--timeout S`; without, it is a switch. */
  readonly value?: string
  readonly short?: string
  readonly help: string
  /** What may be given: words, or the name of a file or directory. */
  readonly choices?: readonly string[] | 'file'
  /** It takes all that follows, up to the next option. */
  readonly many?: true
  /** It may be given several times. */
  readonly repeated?: true
}

/** Options by their names without dashes. */
export type Options = Readonly<Record<string, Option>>

/** Something that `taylord` can be told to do. */
export interface Verb {
  readonly group: 'daemon' | 'work' | 'look' | 'change' | 'more'
  /** For a line of `taylord --help`, and the first one of its own. */
  readonly summary: string
  /** What follows the verb, as in `BOSS [IDS]`. */
  readonly takes: string
  readonly options: Options
  /** Names that are no options are attributes of instructions, with their values. */
  readonly attributes?: true
  /** What else there is to know. */
  readonly notes: string
  /** Lines that a shell runs. */
  readonly examples: readonly string[]
  /** Loads what carries it out. @returns a function that resolves to the exit code. */
  readonly load: () => Promise<(asked: Asked) => Promise<number>>
}

/** What the command line says, read by the options of its verb. */
export class Asked {
  /**
   * @param operands what is no option, before `--`.
   * @param rest what follows `--`.
   * @param attributes of instructions, as they were given.
   * @param options names that are options of the verb.
   */
  constructor(
    readonly verb: string,
    private readonly values: ReadonlyMap<string, string | true | readonly string[]>,
    readonly operands: readonly string[],
    readonly rest: readonly string[],
    readonly attributes: Readonly<Record<string, string>>,
    readonly options: readonly string[],
  ) {}

  flag(name: string): boolean {
    return this.values.has(name)
  }

  text(name: string): string | undefined {
    const value = this.values.get(name)
    return typeof value === 'string' ? value : undefined
  }

  /** What an option that takes many was given; undefined when it was not. */
  texts(name: string): readonly string[] | undefined {
    const value = this.values.get(name)
    return typeof value === 'object' ? value : undefined
  }

  /** @throws {BadUsage} for what is no number, or less than `least`. */
  number(name: string, { least = -Infinity, whole = false }: { least?: number; whole?: boolean } = {}): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const number = text.trim() === '' ? Number.NaN : Number(text)
    if (Number.isFinite(number) && number >= least && (!whole || Number.isSafeInteger(number))) return number
    const from = least === -Infinity ? '' : ` from ${least} on`
    throw new BadUsage(`--${name} takes a ${whole ? 'whole ' : ''}number${from}; it is ${JSON.stringify(text)}`)
  }

  /** MiB. @throws {BadUsage} for what is no size. */
  mebibytes(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const [, number, unit = 'm'] = /^(\d{1,12}(?:\.\d{1,3})?)(?:([kmgt])(?:i?b)?)?$/i.exec(text) ?? []
    if (number === undefined) throw new BadUsage(`--${name} takes MiB, or a size such as 512M or 2GiB; it is ${JSON.stringify(text)}`)
    return Number(number) * unitMiB[unit.toLowerCase() as keyof typeof unitMiB]
  }

  /** s. @throws {BadUsage} for what is no time. */
  seconds(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const [, number, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)([smhd])?$/.exec(text) ?? []
    if (number === undefined) throw new BadUsage(`--${name} takes a time such as 90s, 15m, 12h or 30d; it is ${JSON.stringify(text)}`)
    return Number(number) * unitSeconds[unit as keyof typeof unitSeconds]
  }

  /** The operands when they must be so many. @throws {BadUsage} */
  exactly(...names: readonly string[]): readonly string[] {
    const [missing] = names.slice(this.operands.length)
    if (missing !== undefined) throw new BadUsage(`${this.verb} needs ${missing}; ${this.help}`)
    const more = this.operands.slice(names.length)
    if (more.length > 0) throw new BadUsage(`${more.join(' ')} is more than ${this.verb} takes; ${this.help}`)
    return this.operands
  }

  /** The operands when there may be one. @throws {BadUsage} */
  atMost(name: string): readonly string[] {
    if (this.operands.length > 1)
      throw new BadUsage(`${this.verb} takes ${name} at most, not also ${this.operands.slice(1).join(' ')}; ${this.help}`)
    return this.operands
  }

  /** Where to read on. */
  get help(): string {
    return `taylord ${this.verb} --help tells more`
  }
}

const unitMiB = { k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 } as const
const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const
