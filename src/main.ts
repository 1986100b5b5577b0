import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { pino, type Logger } from 'pino'
import { Shelf } from './arrays/shelf.js'
import { openCgroups } from './cgroup.js'
import { BadSetting, readConfig, type Config } from './config.js'
import type { Role } from './crew/crew.js'
import { localCrew, reapLeftovers } from './crew/local.js'
import { toJsonSchema } from './footprint/json-schema.js'
import { compileKinds } from './footprint/kinds.js'
import { openFilesLimit, surveyMachine } from './machine.js'
import { readPlugins, type PluginKind, type Plugins } from './plugins.js'
import { openPolicies } from './policy/policies.js'
import { chooseScheduler, describePolicies } from './scheduler/choose.js'
import { customPolicies, describeCustom } from './scheduler/custom.js'
import { openStore } from './store/store.js'
import { socketPacked } from './topology.js'
import command from './worker/kinds/command.js'
import logarithmer from './worker/kinds/logarithmer.js'
import matrixProducter from './worker/kinds/matrix-producter.js'
import sleeper from './worker/kinds/sleeper.js'
import summer from './worker/kinds/summer.js'
import { openWorkshop } from './workshop.js'
import type { KindsDocument } from './workshop/contract.js'

/** Ends the process because of how it was called. */
function refuse(message: string): never {
  process.stderr.write(`taylord: ${message}\n`)
  process.exit(2)
}

/** `taylord serve`. @param args what the command line says: `serve`, and settings. */
async function main([, ...settings]: readonly string[]): Promise<void> {
  let config
  try {
    config = readConfig(settings, process.env)
  } catch (error) {
    if (error instanceof BadSetting) refuse(error.message)
    throw error
  }
  const data = resolve(config.data)
  // written apart from the turn: a reader of our log that stalls must not stall us
  const destination = pino.destination({ dest: 2, sync: false })
  const log = pino({ level: config.log, base: { pid: process.pid } }, destination)
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'a bug: the daemon ends; what was acknowledged is on disk')
    destination.flushSync()
    process.exit(70)
  })
  try {
    makeDirectory(data)
    await serve({ ...config, data }, log)
  } catch (error) {
    destination.flushSync()
    process.stderr.write(`taylord: cannot start with --data ${config.data}: ${whyNot(error as NodeJS.ErrnoException, config)}\n`)
    process.exit(1)
  }
  destination.flushSync()
  process.exit(0)
}

/** Why it did not start, and what to do. */
function whyNot({ code, message, syscall }: NodeJS.ErrnoException, { host, port }: Config): string {
  if (syscall === 'mkdir') return `${message}; give a directory that can be made and written to`
  if (code !== 'EADDRINUSE') return message
  return `port ${port} of ${host} is in use; stop what listens there, or give another --port (0 takes a free one)`
}

/** Makes a directory, and those above it, unless it is there. Not with `recursive`, which below /proc tries for ever. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // another daemon may be starting, too: the lock decides
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** How long each step of closing may take: open requests, hosts that end by themselves. */
const closingMs = 500
/** How long followers have to take what is committed. */
const farewellMs = 1_000

/** A kind of the program itself; its module is called as it is. */
const builtInKind = <Definition extends { readonly worker: string }>(definition: Definition, role: Role) => ({
  ...definition,
  module: new URL(`./worker/kinds/${definition.worker}.js`, import.meta.url).href,
  role,
})
const builtIn = [
  builtInKind(command, 'program'),
  ...[sleeper, logarithmer, summer, matrixProducter].map((definition) => builtInKind(definition, 'js')),
]

/**
 * The daemon, from opening the store to closing it: config → store → crew → workshop → HTTP, closed in reverse order. Resolves when it
 * has ended after SIGTERM, SIGINT or `POST /v1/drain`.
 * @throws Error when it cannot start: the data directory, a plugin directory that is not there, an address in use.
 */
async function serve(config: Config, log: Logger): Promise<void> {
  // rules of `only` are plugins' regular expressions, which rows are held against here: none may take a time that doubles with each character
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
  const down = goingDown() // a signal that comes while it starts is heeded once it has
  const machine = surveyMachine()
  const [outputs, run] = ['outputs', 'run'].map((name) => join(config.data, name)) as [string, string]
  for (const dir of [outputs, run]) makeDirectory(dir)
  const ageMs = config.keepDays && config.keepDays * 86_400_000
  const opening = openStore(join(config.data, 'taylord.db'), { events: config.keepEvents, ageMs })
  opening.catch(() => undefined) // it is awaited below, if nothing else goes wrong before
  // loaded while the store's threads start
  const { buildApp } = await import('./http/app.js')
  const none: Plugins = { kinds: [], schedulers: [], refused: [] }
  const plugins = config.plugins === undefined ? none : await readPlugins(resolve(config.plugins))
  const kinds = loadKinds(plugins, log)
  const store = await opening
  await reapLeftovers(run)
  const shelf = new Shelf(config.data)
  await shelf.sweep(new Set(await store.read('arrayPlaces')))
  const roles = Object.fromEntries(kinds.all.map(({ worker, role }) => [worker, role]))
  const modules = Object.fromEntries(kinds.all.map(({ worker, module }) => [worker, module]))
  const cgroups = openCgroups()
  const crew = localCrew({
    cgroups,
    runDir: run,
    outputsDir: outputs,
    outputBytes: config.outputMib * 2 ** 20,
    modules,
    topology: machine.topology,
    recycle: { after: config.recycleAfter, above: config.recycleAbove },
    log,
  })
  const policies = openPolicies(log)
  const custom = customPolicies(plugins.schedulers)
  const measure = { cpus: machine.cpus.length, memoryMiB: machine.memoryMiB }
  const workshop = await openWorkshop({
    store,
    crew,
    policies,
    log,
    kinds: compileKinds(kinds.all),
    roles,
    kindsDocument: kinds.document,
    schedulerOf: (given) => (given?.['scheduler'] == null ? chooseScheduler(given, measure) : custom(given)),
    enforcement: { mode: cgroups.enforcement, reason: cgroups.reason },
    machine: { ...machine, order: socketPacked(machine.topology, 1) },
    slots: config.slots,
    maxRows: config.maxRows,
    outputs,
    keep: { ageMs, bosses: config.keepBosses, bytes: config.keepMib && config.keepMib * 2 ** 20 },
    shelf,
  })
  const app = await buildApp({
    workshop,
    feed: workshop.feed,
    machine: measure,
    policies: [...describePolicies(measure), ...describeCustom(plugins.schedulers)],
    logger: log,
    maxRows: config.maxRows,
    shelf,
    uploadIdleMs: config.uploadIdle * 1000,
    openFiles: openFilesLimit(),
    goDown: { graceSeconds: config.grace, ask: () => down.ask('POST /v1/drain') },
  })
  await app.listen({ host: config.host, port: config.port })
  const address = app.server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  process.stdout.write(`taylord listening on http://${host}:${port}\n`)
  log.info(
    {
      port,
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
  await workshop.close()
  policies.close()
  await crew.close(hurry ? 0 : closingMs)
  cgroups.close()
  await store.close()
  log.info('down')
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

type LoadedKind = Omit<PluginKind, 'file'> & { readonly role: Role; readonly file?: string }

/** The kinds in the program, and those of the plugins; what cannot be used is left out and told. */
function loadKinds({ kinds: declared, refused }: Plugins, log: Logger): { all: LoadedKind[]; document: KindsDocument } {
  const names = new Set(builtIn.map(({ worker }) => worker))
  const own: LoadedKind[] = []
  for (const kind of declared) {
    if (names.has(kind.worker))
      refused.push({ file: kind.file, reason: `"${kind.worker}" is a kind of the program itself; give this one another name` })
    else own.push({ ...kind, role: 'js' })
  }
  for (const { file, reason } of refused) log.warn({ file, reason }, 'left out of the plugins')
  const all: LoadedKind[] = [...builtIn, ...own]
  const items = all.map(({ worker, footprint, file }) => ({
    kind: worker,
    ...(file !== undefined && { file }),
    footprint: footprint as unknown as Record<string, unknown>,
    schema: toJsonSchema({ worker, footprint }),
  }))
  return { all, document: { items, refused } }
}

await main(process.argv.slice(2))
