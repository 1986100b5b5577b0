import { type Ceiling, fitsBelow, LEAF_SLOTS, Leaf, type Position, type Rule, type Slot } from './leaf.js'

const GROUP_LEAVES = 256

/** Where an entry lies; good until the lane changes. */
export interface Place {
  readonly leaf: Leaf
  readonly slot: number
}

/** Neighbouring leaves with the smallest need among them. */
class Group {
  leastMiB = Infinity
  constructor(readonly leaves: Leaf[]) {
    this.measure()
  }
  get lastLeaf(): Leaf {
    return this.leaves[this.leaves.length - 1] as Leaf
  }
  measure(): void {
    let leastMiB = Infinity
    for (const leaf of this.leaves) leastMiB = Math.min(leastMiB, leaf.leastMiB)
    this.leastMiB = leastMiB
  }
}

/**
 * Entries of one number of cores in the order of their queue: leaves of up to 256 entries in groups of up to 256 leaves,
 * each with its smallest need ("blocks" of SPIKE section 4). One limit to search by is what keeps a search short in every
 * case: a group or leaf that passes does hold an entry that fits. No leaf and no group is empty, but for one leaf of an empty
 * lane that is kept: a queue in which one entry comes and goes would make a typed array each time.
 */
export class Lane {
  size = 0
  private readonly groups: Group[]
  /** What was found last, until the lane changes: who goes through it asks for what is behind that. */
  private found: Place | undefined

  constructor(private readonly rule: Rule) {
    this.groups = [new Group([new Leaf(rule)])]
  }

  add(entry: Slot): void {
    this.found = undefined
    const lastGroup = this.groups[this.groups.length - 1] as Group
    const lastLeaf = lastGroup.lastLeaf
    if (this.size++ === 0 || lastLeaf.isBefore(lastLeaf.count - 1, entry)) {
      this.append(lastGroup, lastLeaf, entry)
      return
    }
    const g = this.groupOf(entry)
    const group = this.groups[g] as Group
    const l = leafOf(group, entry)
    let leaf = group.leaves[l] as Leaf
    if (leaf.isFull) {
      const later = leaf.split()
      group.leaves.splice(l + 1, 0, later)
      if (leaf.isBefore(leaf.count - 1, entry)) leaf = later
    }
    leaf.insert(leaf.find(entry), entry)
    group.leastMiB = Math.min(group.leastMiB, leaf.leastMiB)
    if (group.leaves.length > GROUP_LEAVES) {
      this.groups.splice(g + 1, 0, new Group(group.leaves.splice(GROUP_LEAVES >> 1)))
      group.measure()
    }
  }

  /** @returns false when no entry has this position. */
  remove(position: Position): boolean {
    if (this.size === 0) return false
    this.found = undefined
    const isHead = this.groups[0]?.leaves[0]?.idAt(0) === position.id
    const g = isHead ? 0 : this.groupOf(position)
    const group = this.groups[g]
    if (!group) return false
    const l = isHead ? 0 : leafOf(group, position)
    const leaf = group.leaves[l] as Leaf
    const slot = isHead ? 0 : leaf.find(position)
    if (slot === leaf.count || leaf.idAt(slot) !== position.id) return false
    const leastBefore = leaf.leastMiB
    leaf.remove(slot)
    if (--this.size === 0) {
      group.measure()
      return true
    }
    if (leaf.count === 0) group.leaves.splice(l, 1)
    else if (leaf.count < LEAF_SLOTS / 4) joinNeighbour(group, l)
    if (group.leaves.length === 0) this.groups.splice(g, 1)
    else if (leastBefore === group.leastMiB && leaf.leastMiB !== leastBefore) group.measure()
    return true
  }

  has(position: Position): boolean {
    const group = this.size === 0 ? undefined : this.groups[this.groupOf(position)]
    if (!group) return false
    const leaf = group.leaves[leafOf(group, position)] as Leaf
    const slot = leaf.find(position)
    return slot < leaf.count && leaf.idAt(slot) === position.id
  }

  /** The first entry strictly after `after` (from the beginning when undefined) that `ceiling` lets pass. */
  seek(ceiling: Ceiling, after: Position | undefined): Place | undefined {
    if (this.size === 0) return undefined
    const next = after && this.found && this.found.leaf.idAt(this.found.slot) === after.id ? this.found : undefined
    if (next) {
      const hit = next.leaf.fitting(next.slot + 1, ceiling)
      if (hit >= 0) return (this.found = { leaf: next.leaf, slot: hit })
    }
    let g = 0
    let l = 0
    let slot = 0
    if (after) {
      g = this.groupOf(after)
      const group = this.groups[g]
      if (!group) return undefined
      l = leafOf(group, after)
      const leaf = group.leaves[l] as Leaf
      slot = leaf.find(after)
      if (slot < leaf.count && leaf.idAt(slot) === after.id) slot++
    }
    for (; g < this.groups.length; g++, l = 0, slot = 0) {
      const group = this.groups[g] as Group
      if (!fitsBelow(ceiling, group.leastMiB)) continue
      for (; l < group.leaves.length; l++, slot = 0) {
        const leaf = group.leaves[l] as Leaf
        if (!fitsBelow(ceiling, leaf.leastMiB)) continue
        const hit = leaf.fitting(slot, ceiling)
        if (hit >= 0) return (this.found = { leaf, slot: hit })
      }
    }
    return undefined
  }

  /** The usual way in: behind everything else, so leaves fill up instead of being split in halves. */
  private append(lastGroup: Group, lastLeaf: Leaf, entry: Slot): void {
    let group = lastGroup
    let leaf = lastLeaf
    if (leaf.isFull) {
      leaf = new Leaf(this.rule, LEAF_SLOTS)
      if (group.leaves.length < GROUP_LEAVES) group.leaves.push(leaf)
      else {
        group = new Group([leaf])
        this.groups.push(group)
      }
    }
    leaf.insert(leaf.count, entry)
    group.leastMiB = Math.min(group.leastMiB, leaf.leastMiB)
  }

  /** Index of the first group that does not end before `position`. */
  private groupOf(position: Position): number {
    let low = 0
    let high = this.groups.length
    while (low < high) {
      const middle = (low + high) >> 1
      const leaf = (this.groups[middle] as Group).lastLeaf
      if (leaf.isBefore(leaf.count - 1, position)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Index of the first leaf that does not end before `position`; there is one when the group does not. */
function leafOf({ leaves }: Group, position: Position): number {
  let low = 0
  let high = leaves.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    const leaf = leaves[middle] as Leaf
    if (leaf.isBefore(leaf.count - 1, position)) low = middle + 1
    else high = middle
  }
  return low
}

/** Overtaking leaves sparse leaves behind; those that together fill half a leaf become one, so memory follows the size. */
function joinNeighbour({ leaves }: Group, l: number): void {
  const first = l + 1 < leaves.length ? l : l - 1
  const [earlier, later] = [leaves[first], leaves[first + 1]]
  if (!earlier || !later || earlier.count + later.count > LEAF_SLOTS / 2) return
  earlier.join(later)
  leaves.splice(first + 1, 1)
}
