/** Something that is to happen at a moment. */
export interface Deadline {
  /** ms since 1970 */
  readonly at: number
  /** Undefined once it has happened, or shall not. */
  act: (() => void) | undefined
}

/** A timer of Node's cannot be set for longer. */
const longestMs = 2 ** 31 - 1

/** Moments to come, as many as there may be, on one timer. */
export class Deadlines {
  /** A binary heap, the next one first. */
  private readonly heap: Deadline[] = []
  private timer: NodeJS.Timeout | undefined
  private timerAt = Infinity

  /** @param at ms since 1970. @param act called once, then or a little later; it must not throw. */
  set(at: number, act: () => void): Deadline {
    const deadline: Deadline = { at, act }
    this.push(deadline)
    this.wind()
    return deadline
  }

  /** Nothing of it happens any more. */
  close(): void {
    clearTimeout(this.timer)
    this.heap.length = 0
  }

  private wind(): void {
    while (this.heap[0] && !this.heap[0].act) this.pop()
    const next = this.heap[0]
    if (!next || next.at >= this.timerAt) return
    clearTimeout(this.timer)
    this.timerAt = next.at
    this.timer = setTimeout(() => this.ring(), Math.min(longestMs, Math.max(0, next.at - Date.now())))
  }

  private ring(): void {
    this.timerAt = Infinity
    const now = Date.now()
    for (let next; (next = this.heap[0]) && (!next.act || next.at <= now); ) {
      this.pop()
      const { act } = next
      next.act = undefined
      act?.()
    }
    this.wind()
  }

  private push(deadline: Deadline): void {
    const { heap } = this
    let at = heap.push(deadline) - 1
    for (let up; at > 0; at = up) {
      up = (at - 1) >> 1
      const parent = heap[up]
      if (!parent || parent.at <= deadline.at) break
      heap[at] = parent
      heap[up] = deadline
    }
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      const [left, right] = [heap[down], heap[down + 1]]
      if (!left) break
      const child = right && right.at < left.at ? right : left
      if (child === right) down++
      if (child.at >= last.at) break
      heap[at] = child
      at = down
    }
    heap[at] = last
  }
}
