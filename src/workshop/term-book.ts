import type { Terms } from '../boss/terms.js'

/** Texts that are kept to find equal terms by: rows of one append most often share theirs. */
const mostTexts = 1_000

/** The terms of those instructions of a Boss that have any. */
export class TermBook {
  private byId = new Map<number, Terms>()
  private readonly byText = new Map<string, Terms>()
  private expiring = new Map<number, number[]>()

  get size(): number {
    return this.byId.size
  }

  /** @param text as the store keeps them. */
  note(id: number, text: string): void {
    let terms = this.byText.get(text)
    if (!terms) {
      terms = JSON.parse(text) as Terms
      if (this.byText.size >= mostTexts) this.byText.clear()
      this.byText.set(text, terms)
    }
    this.byId.set(id, terms)
    const { expires_at: at } = terms
    if (at === undefined) return
    const others = this.expiring.get(at)
    if (others) others.push(id)
    else this.expiring.set(at, [id])
  }

  of(id: number): Terms | undefined {
    return this.byId.get(id)
  }

  forget(id: number): void {
    if (this.byId.size > 0) this.byId.delete(id)
  }

  /** Takes over what another one has; at no cost when this one is empty. */
  adopt(other: TermBook): void {
    if (this.byId.size === 0) this.byId = other.byId
    else for (const [id, terms] of other.byId) this.byId.set(id, terms)
    for (const [at, ids] of other.expiring) this.expiring.set(at, [...(this.expiring.get(at) ?? []), ...ids])
  }

  /** Ids by the moment at which they will have waited too long, each once: what was handed out is not here any more. */
  takeExpiring(): Map<number, number[]> {
    const { expiring } = this
    this.expiring = new Map()
    return expiring
  }
}
