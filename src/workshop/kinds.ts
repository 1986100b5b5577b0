import type { Role } from '../crew/crew.js'

/** ms that an instruction costs its host besides what it takes itself. */
export const hostMs = 0.01

/** A worker kind as the workshop needs it. */
export interface Kind {
  /** Small number that stands for it in a queue. */
  readonly no: number
  readonly name: string
  /** Undefined when no definition of it is loaded, as after a restart without its plugin. */
  readonly role: Role | undefined
  /** ms that one instruction takes, a moving mean; undefined until the first report. */
  meanMs: number | undefined
  /** Characters that the attributes of one have, on the average of what was sent last. */
  meanChars: number
}

/** Numbers for kinds, and what was measured of them. */
export class KindBook {
  private readonly kinds: Kind[] = []
  private readonly byName = new Map<string, Kind>()

  /** @param roles the loaded kinds. */
  constructor(roles: Readonly<Record<string, Role>>) {
    for (const [name, role] of Object.entries(roles)) this.add(name, role)
  }

  of(no: number): Kind {
    const kind = this.kinds[no]
    if (!kind) throw new Error(`no kind has number ${no}`)
    return kind
  }

  named(name: string): Kind {
    return this.byName.get(name) ?? this.add(name, undefined)
  }

  /** Notes that `n` instructions of a kind took `ms` together. */
  measured(kind: Kind, n: number, ms: number): void {
    const mean = ms / n
    // short ones weigh by their number, so that a frame of a hundred counts for more than one outlier
    const weight = Math.min(0.5, n / 20 + 0.1)
    kind.meanMs = kind.meanMs === undefined ? mean : kind.meanMs * (1 - weight) + mean * weight
  }

  private add(name: string, role: Role | undefined): Kind {
    const kind: Kind = { no: this.kinds.length, name, role, meanMs: undefined, meanChars: 0 }
    this.kinds.push(kind)
    this.byName.set(name, kind)
    return kind
  }
}
