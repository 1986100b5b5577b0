import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { Shelf } from './arrays/shelf.js'
import { openCgroups } from './cgroup.js'
import { ageMsOf, type Config } from './config.js'
import { localCrew, reapLeftovers } from './crew/local.js'
import type { Feed } from './feed.js'
import { compileKinds } from './footprint/kinds.js'
import { buildApp } from './http/app.js'
import type { Ledger } from './ledger.js'
import { openFilesLimit, surveyMachine } from './machine.js'
import { commandRules } from './main/commands.js'
import { prepareEntrance } from './main/entrance.js'
import { loadKinds } from './main/kinds.js'
import type { Plugins } from './plugins.js'
import { openPolicies } from './policy/policies.js'
import { chooseScheduler, describePolicies } from './scheduler/choose.js'
import { customPolicies, describeCustom } from './scheduler/custom.js'
import type { Store } from './store/store.js'
import { socketPacked } from './topology.js'
import { openWorkshop, type OpenWorkshop } from './workshop.js'

/** How long each step of closing may take: open requests, hosts that end by themselves. */
const closingMs = 500
/** How long followers have to take what is committed. */
const farewellMs = 1_000

/**
 * The daemon, from the opening store to the closed one: config → store → crew → workshop → HTTP, closed in reverse order. Resolves when it
 * has ended after SIGTERM, SIGINT or `POST /v1/drain`.
 * @param opening the store of its data directory, in which there are `outputs` and `run`.
 * @param reading what its plugins declare, if it has any.
 * @param version of the program.
 * @throws Error when it cannot start: the store, a plugin directory that is not there, an address in use.
 */
export async function serve(
  config: Config,
  opening: Promise<Store>,
  reading: Promise<Plugins> | undefined,
  version: string,
): Promise<void> {
  const { log, written } = openLog(config.log)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug: the daemon ends; what was acknowledged is on disk')
    void written().then(() => process.exit(70))
  })
  // whoever closed it wants no first line; what is posted is carried out all the same
  process.stdout.on('error', () => undefined)
  try {
    await run(config, opening, reading, version, log)
  } finally {
    await written()
  }
}

/** A log on stderr, and what writes the rest of it unless nobody takes it: pino's own way tries for ever when the reader is gone. */
function openLog(level: string): { log: Logger; written(): Promise<unknown> } {
  // written apart from the turn: a reader of our log that stalls must not stall us
  const destination = pino.destination({ dest: 2, sync: false })
  const over = Promise.withResolvers<void>()
  // a broken pipe comes as an error once; pino writes nothing more then
  for (const event of ['close', 'error'] as const) destination.once(event, () => over.resolve())
  const written = () => {
    destination.end()
    return Promise.race([over.promise, new Promise((resolve) => setTimeout(resolve, farewellMs))])
  }
  return { log: pino({ level, base: { pid: process.pid } }, destination), written }
}

async function run(
  config: Config,
  opening: Promise<Store>,
  reading: Promise<Plugins> | undefined,
  version: string,
  log: Logger,
): Promise<void> {
  const down = goingDown() // a signal that comes while it starts is heeded once it has
  const machine = surveyMachine()
  const [outputs, runs] = ['outputs', 'run'].map((name) => join(config.data, name)) as [string, string]
  const none: Plugins = { kinds: [], schedulers: [], refused: [] }
  const plugins = (await reading) ?? none
  const commands = commandRules(config.commands, process.env)
  const kinds = loadKinds(commands, config.commands.none, plugins, log)
  const entrance = prepareEntrance(config, log)
  const shelf = new Shelf(config.data, config.slurm?.arrays)
  const measure = { cpus: machine.cpus.length, memoryMiB: machine.memoryMiB }
  // built while the store opens
  const [coming, feed] = [later<OpenWorkshop>(), later<Feed>()]
  const building = buildApp({
    workshop: coming.stand,
    feed: feed.stand,
    machine: measure,
    policies: [...describePolicies(measure), ...describeCustom(plugins.schedulers)],
    logger: log,
    maxRows: config.maxRows,
    shelf,
    uploadIdleMs: config.uploadIdle * 1000,
    openFiles: openFilesLimit(),
    door: entrance.door,
    tls: entrance.tls,
    goDown: { graceSeconds: config.grace, ask: () => down.ask('POST /v1/drain') },
    version,
  })
  building.catch(() => undefined) // it is awaited below
  const store = await opening
  await entrance.admit(store)
  await reapLeftovers(runs)
  await shelf.sweep(new Set(await store.read('arrayPlaces')))
  const roles = Object.fromEntries(kinds.all.map(({ worker, role }) => [worker, role]))
  const modules = Object.fromEntries(kinds.all.map(({ worker, module }) => [worker, module]))
  const cgroups = openCgroups()
  const rules = {
    outputsDir: outputs,
    outputBytes: config.outputMib * 2 ** 20,
    modules,
    commands,
    recycle: { after: config.recycleAfter, above: config.recycleAbove },
    log,
  }
  const crew = localCrew({ ...rules, cgroups, runDir: runs, topology: machine.topology })
  const slurm = config.slurm && {
    crew: (await import('./main/slurm.js')).openSlurm(config.slurm, await store.read('daemonId'), config.data, rules),
    maxHosts: config.slurm.maxHosts,
  }
  const policies = openPolicies(log)
  const custom = customPolicies(plugins.schedulers)
  const workshop = await openWorkshop({
    store,
    crew,
    slurm,
    policies,
    log,
    kinds: compileKinds(kinds.all),
    roles,
    kindsDocument: kinds.document,
    schedulerOf: (given, { crew: { name }, ledger }) =>
      given?.['scheduler'] == null ? chooseScheduler(given, name === 'local' ? measure : measureOf(ledger)) : custom(given),
    enforcement: { mode: cgroups.enforcement, reason: cgroups.reason },
    machine: { ...machine, order: socketPacked(machine.topology, 1) },
    slots: config.slots,
    maxRows: config.maxRows,
    outputs,
    keep: { ageMs: ageMsOf(config), bosses: config.keepBosses, bytes: config.keepMib && config.keepMib * 2 ** 20 },
    shelf,
  })
  coming.come(workshop)
  feed.come(workshop.feed)
  const app = await building
  const listening = await entrance.open(app)
  process.stdout.write(`taylord listening on ${listening.at}\n`)
  log.info(
    {
      at: listening.at,
      data: config.data,
      cpus: machine.cpus,
      memory: Math.floor(machine.memoryMiB),
      memory_enforcement: cgroups.enforcement,
      kinds: Object.keys(roles),
    },
    'listening',
  )

  const reason = await down.asked
  log.info({ reason, grace: config.grace }, `going down (${reason}): nothing new starts, what runs has ${config.grace} s`)
  await Promise.race([workshop.drain(config.grace * 1000), down.hurried])
  const hurry = down.isHurried()
  const brokenOff = hurry ? 'the daemon was told twice to go down' : `the daemon went down (${reason}) and ${config.grace} s were over`
  // the store may refuse, or hang: then the next start finds out by itself
  await atMost(closingMs, workshop.breakOff(brokenOff))
  if (!hurry) await atMost(farewellMs, workshop.feed.toldAll())
  await atMost(closingMs, app.close())
  listening.release()
  await workshop.close()
  policies.close()
  const crews = slurm ? [crew, slurm.crew] : [crew]
  await Promise.all(crews.map((one) => one.close(hurry ? 0 : closingMs)))
  cgroups.close()
  await store.close()
  log.info('down')
}

/** What a cluster has for policies without a limit of their own: as many cores as it may have hosts while nobody knows more. */
const measureOf = ({ slots, mostPlaces, memory }: Ledger) => ({ cpus: Math.min(slots || Infinity, mostPlaces), memoryMiB: memory })

/** Stands for what comes later, for those who use it only then. Whoever is too early is told so by an Error. */
function later<T extends object>(): { readonly stand: T; come(it: T): void } {
  let come: T | undefined
  const get = (_: object, name: string | symbol): unknown => {
    if (!come) throw new Error(`${String(name)} is asked for before it is there`)
    const value: unknown = Reflect.get(come, name)
    return typeof value === 'function' ? value.bind(come) : value
  }
  return { stand: new Proxy<T>({} as T, { get }), come: (it) => (come = it) }
}

/** Waits for what may never come, or be refused. */
const atMost = (ms: number, what: Promise<unknown>) =>
  Promise.race([what.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, ms).unref())])

/** What brings the daemon down: SIGTERM, SIGINT, or whoever asks. A second signal leaves no grace. */
function goingDown() {
  const asked = Promise.withResolvers<string>()
  const hurried = Promise.withResolvers<void>()
  let signals = 0
  let hurry = false
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      asked.resolve(signal)
      if (++signals < 2) return
      hurry = true
      hurried.resolve()
    })
  }
  return { asked: asked.promise, hurried: hurried.promise, isHurried: () => hurry, ask: asked.resolve }
}
