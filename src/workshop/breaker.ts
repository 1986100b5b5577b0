import type { KindDocument, KindsDocument } from './contract.js'
import type { Kind } from './kinds.js'

/** Why a kind cannot be carried out. */
export interface Fault {
  readonly type: string
  readonly message: string
}

interface Broken {
  /** What went wrong first. */
  readonly fault: Fault
  /** ms since 1970 */
  readonly since: number
  faults: number
  /** ms since 1970: then one worker tries again; undefined while the kind is still believed in. */
  until: number | undefined
  /** One was let through, and has not come back: until `until` the others wait for it. */
  trying: boolean
  backoffMs: number
}

/** Workers in a row that may fail to load a kind before it is given up for a while. */
const mostFaults = 3
const firstBackoffMs = 1_000
const longestBackoffMs = 60_000

/**
 * Stops workers from being started in vain: the instructions of a kind whose module cannot be loaded fail at once, with the reason, until one
 * that is let through now and then succeeds.
 */
export class Breaker {
  private readonly broken = new Map<Kind, Broken>()

  /** A worker could not load a kind. @returns whether that gave the kind up. */
  failed(kind: Kind, fault: Fault, now: number): boolean {
    let broken = this.broken.get(kind)
    if (!broken)
      this.broken.set(kind, (broken = { fault, since: now, faults: 0, until: undefined, trying: false, backoffMs: firstBackoffMs }))
    const isOpen = broken.until !== undefined
    // others that were on their way when it was given up say nothing new
    if (isOpen ? !broken.trying : ++broken.faults < mostFaults) return false
    if (isOpen) broken.backoffMs = Math.min(broken.backoffMs * 2, longestBackoffMs)
    broken.trying = false
    broken.until = now + broken.backoffMs
    return !isOpen
  }

  /** A worker carried an instruction of it out. @returns whether it had been given up. */
  worked(kind: Kind): boolean {
    const broken = this.broken.get(kind)
    return broken !== undefined && this.broken.delete(kind) && broken.until !== undefined
  }

  /**
   * Asked for each lot of instructions that is to be sent.
   * @param wake called when those that wait may ask again although nothing was heard of the one that tries.
   * @returns why they fail at once; `wait` for what comes of the one that tries; undefined: they may go.
   */
  refusal(kind: Kind, now: number, wake: () => void): Fault | 'wait' | undefined {
    const broken = this.broken.get(kind)
    if (broken?.until === undefined) return undefined
    if (now < broken.until) return broken.trying ? 'wait' : broken.fault
    broken.trying = true
    broken.until = now + broken.backoffMs
    setTimeout(wake, broken.backoffMs).unref()
    return undefined
  }

  /** Whether instructions of it wait for what comes of the one that tries. */
  awaits(kind: Kind, now: number): boolean {
    const broken = this.broken.get(kind)
    return broken?.until !== undefined && broken.trying && now < broken.until
  }

  /** The kinds with what is wrong with them; `retry_at` is when one instruction is let through again. */
  shownIn({ items, refused }: KindsDocument): KindsDocument {
    const faults = new Map([...this.broken].map(([{ name }, broken]) => [name, faultOf(broken)]))
    return {
      items: items.map((item) => {
        const fault = faults.get(item.kind)
        return fault ? { ...item, fault } : item
      }),
      refused,
    }
  }
}

const faultOf = ({ fault, since, until }: Broken): NonNullable<KindDocument['fault']> => ({
  ...fault,
  since: timeOf(since),
  ...(until !== undefined && { retry_at: timeOf(until) }),
})

const timeOf = (ms: number) => new Date(ms).toISOString()
