/** A CPU set of the machine, granted to one worker at a time; `cpus` is empty when it is not bound. */
export interface Grant {
  /** Lowest number that was free. */
  readonly id: number
  readonly cpus: readonly number[]
  readonly boss: number
  readonly cores: number
  /** MiB that were declared for it; `resize` changes it. */
  memory: number
}

/** What there is, or is left, of a machine. */
export interface Room {
  readonly cores: number
  /** MiB */
  readonly memory: number
}

/** What a worker needs of the machine. */
export interface Need {
  readonly boss: number
  /** Slots it takes, and CPUs when it is bound. */
  readonly cores: number
  /** MiB */
  readonly memory: number
  /** Its ticket when it shall be bound, undefined when not; a null ticket is bound like ticket 0. */
  readonly boundBy: number | null | undefined
}

/**
 * Slots that a Boss gets by asking for them: taylorism's cap of processes. Whoever wants more workers at once says so to the daemon, for a
 * million that somebody wrote by mistake would end the machine.
 */
const mostByDemand = 512

/** The machine's side of every launch: which cores and how much memory is granted to whom. Pure bookkeeping. */
export class Ledger {
  private readonly grants = new Map<number, Grant>()
  private readonly demands = new Map<number, number>()
  private readonly load: Map<number, number>
  private slotCount: number
  private usedSlots = 0
  private usedMemory = 0
  /** Machines of a cluster; undefined: one machine, this one. */
  private nodes: readonly Room[] | undefined
  private longest = Infinity

  /**
   * @param cpus CPUs that may be used, in the order in which they are granted.
   * @param memory MiB for all workers together.
   * @param fixedSlots workers at once; undefined: the CPUs, or the largest number of workers that a single Boss may have if that is more,
   * up to 512.
   * @param mostPlaces that may be granted at once.
   */
  constructor(
    readonly cpus: readonly number[],
    public memory: number,
    private fixedSlots: number | undefined,
    readonly mostPlaces = Infinity,
  ) {
    this.load = new Map(cpus.map((cpu) => [cpu, 0]))
    this.slotCount = fixedSlots ?? cpus.length
  }

  /** Workers at once at most, of all Bosses together. */
  get slots(): number {
    return this.slotCount
  }

  /** It has these machines, of which none is ours: CPUs are chosen there. @param usable those where something can run now. @param longest s that anything may take. */
  survey(nodes: readonly Room[], usable: readonly Room[], longest = Infinity): void {
    this.longest = longest
    this.nodes = nodes
    this.slotCount = this.fixedSlots = usable.reduce((sum, { cores }) => sum + cores, 0)
    this.memory = usable.reduce((sum, { memory }) => sum + memory, 0)
  }

  /** Cores that one instruction can have at most. @param bound whether as CPUs of its own. */
  mostCores(bound: boolean): number {
    if (this.nodes) return this.nodes.reduce((most, { cores }) => Math.max(most, cores), 0)
    const slots = this.fixedSlots ?? this.cpus.length
    return bound ? Math.min(slots, this.cpus.length) : slots
  }

  /** MiB that one instruction can have at most. */
  get mostMemory(): number {
    return this.nodes ? this.nodes.reduce((most, { memory }) => Math.max(most, memory), 0) : this.memory
  }

  /**
   * Why the machine could never give this, all of it free; undefined when it could.
   * @param bound whether it needs CPUs of its own.
   * @param seconds that it is expected to take.
   */
  neverFits(cores: number, memory: number, bound: boolean, seconds = 0): string | undefined {
    if (seconds > this.longest)
      return `it is expected to take ${seconds} s, and nothing may take more than ${this.longest} s there; let it take less`
    if (this.nodes) return this.fitsNoNode(this.nodes, cores, memory)
    if (this.mostPlaces < Infinity) return undefined // nobody knows its machines yet
    const most = this.mostCores(bound)
    if (cores > most) return `it asks for ${cores} cores, and there are ${most}; ask for fewer`
    if (memory > this.memory) return `it asks for ${memory} MiB of memory, and the machine has ${Math.floor(this.memory)} MiB; ask for less`
    return undefined
  }

  /** What is free now. */
  get room(): Room {
    if (this.grants.size >= this.mostPlaces) return { cores: 0, memory: 0 }
    return { cores: Math.max(0, this.slots - this.usedSlots), memory: Math.max(0, this.memory - this.usedMemory) }
  }

  get used(): { slots: number; memory: number } {
    return { slots: this.usedSlots, memory: this.usedMemory }
  }

  /** Notes how many workers a Boss asks for at once, 0 when it does not say; undefined when it is over. */
  demand(boss: number, workers: number | undefined): void {
    if (workers === undefined) this.demands.delete(boss)
    else this.demands.set(boss, workers)
    this.slotCount =
      this.fixedSlots ??
      [...this.demands.values()].reduce((most, demand) => Math.max(most, Math.min(demand, mostByDemand)), this.cpus.length)
  }

  /**
   * Grants a place. A bound one gets the CPUs with the fewest workers, beginning at ticket modulo the number of CPUs: with one Boss that
   * is taylorism's rule, among several Bosses it is the next free one.
   * @returns undefined when there is no room.
   */
  grant({ boss, cores, memory, boundBy }: Need): Grant | undefined {
    const room = this.room
    if (cores > room.cores || memory > room.memory) return undefined
    const cpus = boundBy === undefined || this.cpus.length === 0 ? [] : this.choose(boundBy ?? 0, cores)
    let id = 0
    while (this.grants.has(id)) id++
    const grant: Grant = { id, cpus, boss, cores, memory }
    this.grants.set(id, grant)
    this.usedSlots += cores
    this.usedMemory += memory
    for (const cpu of cpus) this.load.set(cpu, this.loadOf(cpu) + 1)
    return grant
  }

  /** What a place holds declares another memory: at most as much more as there is room for. @param memory MiB */
  resize(grant: Grant, memory: number): void {
    if (this.grants.get(grant.id) !== grant || grant.memory === memory) return
    this.usedMemory += memory - grant.memory
    grant.memory = memory
  }

  release({ id, cpus, cores, memory }: Grant): void {
    if (!this.grants.delete(id)) return
    this.usedSlots -= cores
    this.usedMemory = this.grants.size === 0 ? 0 : this.usedMemory - memory // no rounding error outlives the last grant
    for (const cpu of cpus) this.load.set(cpu, this.loadOf(cpu) - 1)
  }

  /** Every place in use, by id. */
  held(): Grant[] {
    return [...this.grants.values()].sort((a, b) => a.id - b.id)
  }

  private fitsNoNode(nodes: readonly Room[], cores: number, memory: number): string | undefined {
    if (nodes.some((node) => cores <= node.cores && memory <= node.memory)) return undefined
    const [most, mostMiB] = [this.mostCores(true), Math.floor(this.mostMemory)]
    if (cores > most) return `it asks for ${cores} cores, and no node has more than ${most}; ask for fewer`
    if (memory > mostMiB) return `it asks for ${memory} MiB of memory, and no node has more than ${mostMiB} MiB; ask for less`
    return `it asks for ${cores} cores with ${memory} MiB of memory, and no node has both; ask for less of one`
  }

  private loadOf(cpu: number) {
    return this.load.get(cpu) ?? 0
  }

  private choose(ticket: number, cores: number): number[] {
    const start = (ticket * cores) % this.cpus.length
    const order = [...this.cpus.slice(start), ...this.cpus.slice(0, start)]
    return order.sort((a, b) => this.loadOf(a) - this.loadOf(b)).slice(0, cores)
  }
}
