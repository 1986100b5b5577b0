/** A CPU that may be used, and where it sits. CPUs of one core are its hardware threads, the lowest number first. */
export interface Cpu {
  readonly cpu: number
  readonly socket: number
  /** Within its socket; cores stand in the order of these numbers. */
  readonly core: number
  /** NUMA node, a position in `distances`. */
  readonly node: number
}

/** The CPUs that this process may use: whatever it may not use is not there and has no part in any order. */
export interface Topology {
  readonly cpus: readonly Cpu[]
  /** From each NUMA node to each one, itself included. */
  readonly distances: readonly (readonly number[])[]
}

/** Where a program shall run, and how it is told. */
export interface Affinity {
  readonly cpus: readonly number[]
  /** Its process is bound to them; else only its environment tells its threads. */
  readonly bound: boolean
  readonly env: Readonly<Record<string, string>>
}

/** There is no block of as many CPUs. */
export class NoBlock extends Error {
  constructor(
    readonly size: number,
    readonly cpus: number,
  ) {
    super(`there is no block of ${size} CPUs: ${cpus} may be used; ask for a smaller block`)
  }
}

const orders = ['raw', 'socketpacked', 'numapacked']
const methods = ['taskset', 'gomp', 'omp', 'ompverbose']

/** What `taskset` may say: an order, and how the program is told (`taskset` when it does not say). */
export const tasksets = orders.flatMap((order) => [order, ...methods.map((method) => `${order}_${method}`)])

/**
 * All first threads by socket and core, then all second ones.
 * @see taylorism (bronx) `raw_cpulist`; cores that lack a thread are passed over, where it raises an AssertionError.
 */
export function raw(topology: Topology): number[] {
  return layersOf(socketsOf(topology)).flat(2)
}

/**
 * Goes round the sockets, a block of neighbouring cores from each in turn, all first threads before second ones; cores that do not fill a
 * block are left out. A block that is larger than any socket has cores takes second threads too, one block a socket; one that no socket can
 * hold is not kept together: the order is that of blocks of 1.
 * @param size CPUs of a block, at least 1.
 * @see taylorism (bronx) `socketpacked_cpulist`. Uneven sockets raise an AssertionError there; here the round passes over one that has nothing
 * left, and a socket too small for a block gives none.
 */
export function socketPacked(topology: Topology, size: number): number[] {
  const sockets = socketsOf(topology)
  if (size <= Math.max(1, ...sockets.map((cores) => cores.length))) {
    return layersOf(sockets).flatMap((layer) => inTurn(layer.map((cpus) => chunks(cpus, size))).flat())
  }
  const whole = sockets.map((cores) => layersOf([cores]).flat(2)).filter((cpus) => cpus.length >= size)
  return whole.length > 0 ? whole.flatMap((cpus) => cpus.slice(0, size)) : socketPacked(topology, 1)
}

/**
 * Blocks that go round the NUMA nodes, each within the nearest nodes that can hold it, first threads before second ones.
 * @param size CPUs of a block, at least 1.
 * @throws {NoBlock} when there are fewer CPUs. There may be none all the same: a block never holds two threads of a core.
 * @see taylorism (bronx) `numapacked_cpulist`. Cores with an uneven number of threads raise a ValueError there; here each round of threads takes
 * the cores that have one.
 */
export function numaPacked({ cpus, distances }: Topology, size: number): number[][] {
  if (size > cpus.length) throw new NoBlock(size, cpus.length)
  const nodes = [...new Set(cpus.map(({ node }) => node))].sort(ascending)
  const levels = spread(clustersOf(nodes.map((from) => nodes.map((to) => distances[from]?.[to] ?? 0))))
  // a core belongs to the node of its first thread
  const cores = socketsOf({ cpus, distances }).flat().sort(byFirst)
  const home = new Map(cpus.map(({ cpu, node }) => [cpu, node]))
  const byNode = nodes.map((node) => cores.filter(([first = 0]) => home.get(first) === node))
  return layersOf(byNode).flatMap((layer) => blocksOf(layer, levels, size))
}

/**
 * Where a program runs.
 * @param taskset one of `tasksets`.
 * @param size CPUs that it has threads for, at least 1.
 * @param number which of the blocks, modulo how many there are.
 * @throws {NoBlock} when no block is that large.
 */
export function affinity(topology: Topology, taskset: string, size: number, number: number): Affinity {
  const [order = '', method = 'taskset'] = taskset.split('_')
  const blocks =
    order === 'numapacked' ? numaPacked(topology, size) : chunks(order === 'raw' ? raw(topology) : socketPacked(topology, size), size)
  const cpus = blocks[number % blocks.length]
  if (!cpus) throw new NoBlock(size, topology.cpus.length)
  return { cpus, bound: method === 'taskset', env: environmentFor(method, cpus) }
}

function environmentFor(method: string, cpus: readonly number[]): Record<string, string> {
  const places = { OMP_PLACES: cpus.map((cpu) => `{${cpu}}`).join(',') }
  switch (method) {
    case 'gomp':
      return { GOMP_CPU_AFFINITY: cpus.join(' ') }
    case 'omp':
      return places
    case 'ompverbose':
      return { ...places, OMP_DISPLAY_ENV: 'TRUE', OMP_DISPLAY_AFFINITY: 'TRUE' }
    default:
      return {}
  }
}

/** A core as its CPUs, its first thread first. */
type Core = readonly number[]

/** The cores of each socket, in order. */
function socketsOf({ cpus }: Topology): Core[][] {
  const sockets = new Map<number, Map<number, number[]>>()
  for (const { cpu, socket, core } of cpus.toSorted((a, b) => a.socket - b.socket || a.core - b.core || a.cpu - b.cpu)) {
    const cores = sockets.get(socket) ?? new Map<number, number[]>()
    sockets.set(socket, cores)
    cores.set(core, [...(cores.get(core) ?? []), cpu])
  }
  return [...sockets.values()].map((cores) => [...cores.values()])
}

/** For each number of a thread the CPUs that are it, by group of cores. */
function layersOf(groups: readonly (readonly Core[])[]): number[][][] {
  const threads = Math.max(0, ...groups.flat().map((core) => core.length))
  return Array.from({ length: threads }, (_, thread) => groups.map((cores) => cores.flatMap((core) => core[thread] ?? [])))
}

/** Clusters of NUMA nodes, the level of single nodes first, then by growing distance until all are in one. */
type Levels = readonly (readonly Core[])[]

/** Joins the two clusters whose farthest nodes are nearest (the first such pair), and so on; what is joined at one distance is one level. */
function clustersOf(distances: readonly (readonly number[])[]): Levels {
  let clusters: number[][] = distances.map((_, node) => [node])
  const levels = new Map([[0, clusters]])
  const farthest = (a: readonly number[], b: readonly number[]) => Math.max(...a.flatMap((i) => b.map((j) => distances[i]?.[j] ?? 0)))
  while (clusters.length > 1) {
    let best = { distance: Infinity, a: clusters[0] as number[], b: clusters[1] as number[] }
    clusters.forEach((a, i) => {
      for (const b of clusters.slice(i + 1)) {
        const distance = farthest(a, b)
        if (distance < best.distance) best = { distance, a, b }
      }
    })
    const { distance, a, b } = best
    clusters = clusters.filter((cluster) => cluster !== b).map((cluster) => (cluster === a ? [...a, ...b].sort(ascending) : cluster))
    levels.set(distance, clusters)
  }
  return [...levels.entries()].sort(([a], [b]) => a - b).map(([, level]) => level.toSorted(byFirst))
}

/** Orders each level so that neighbours in it are of different clusters of the next one. */
function spread(levels: Levels): Levels {
  return levels.map((level, i) => {
    const parents = levels[i + 1]
    if (!parents) return level
    return inTurn(parents.map((parent) => level.filter(([first = -1]) => parent.includes(first))))
  })
}

/**
 * Takes blocks while there is one: from the next cluster of the lowest level that can hold it, a CPU of each of its nodes in turn.
 * @param layer CPUs of each node.
 */
function blocksOf(layer: readonly (readonly number[])[], levels: Levels, size: number): number[][] {
  const nodes = layer.map((cpus) => [...cpus])
  const room = (cluster: readonly number[]) => cluster.reduce((sum, node) => sum + (nodes[node]?.length ?? 0), 0)
  const wheels: (() => { cluster: Core; next: () => number })[] = []
  // begun when a level is first needed: with its fullest cluster, and in each of those with its fullest node
  const wheelOf = (level: Levels[number]) => {
    const clusters = level.map((cluster) => ({ cluster, next: wheel(cluster, (node) => room([node])) }))
    return wheel(clusters, ({ cluster }) => room(cluster))
  }
  const take = (): number[] => {
    for (const [at, level] of levels.entries()) {
      const turn = (wheels[at] ??= wheelOf(level))
      for (let tried = 0; tried < level.length; tried++) {
        const { cluster, next } = turn()
        if (room(cluster) < size) continue
        const block: number[] = []
        while (block.length < size) block.push(...(nodes[next()]?.splice(0, 1) ?? []))
        return block.sort(ascending)
      }
    }
    return []
  }
  let left = room([...nodes.keys()])
  const blocks: number[][] = []
  for (; left >= size; left -= size) blocks.push(take())
  return blocks
}

/** Gives items in turn for ever, beginning with the first of the largest. */
function wheel<Item>(items: readonly Item[], size: (item: Item) => number): () => Item {
  const sizes = items.map(size)
  let at = sizes.indexOf(Math.max(...sizes))
  return () => items[at++ % items.length] as Item
}

/** The first of each list, then the second of each that has one, and so on. */
function inTurn<Item>(lists: readonly (readonly Item[])[]): Item[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat()
}

/** Cuts a list into pieces of `size`; what is left over is left out. */
function chunks(list: readonly number[], size: number): number[][] {
  return Array.from({ length: Math.floor(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

const ascending = (a: number, b: number) => a - b
const byFirst = ([a = 0]: Core, [b = 0]: Core) => a - b
