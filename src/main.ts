import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { pino, type Logger } from 'pino'
import { Shelf } from './arrays/shelf.js'
import { openCgroups } from './cgroup.js'
import { backup, backupHelp, check, checkHelp } from './cli/database.js'
import { prune, pruneHelp } from './cli/prune.js'
import { run, runHelp } from './cli/run.js'
import { token, tokenHelp } from './cli/token.js'
import { BadSetting, readConfig, settingsHelp, standardData, type Config } from './config.js'
import { localCrew, reapLeftovers } from './crew/local.js'
import { compileKinds } from './footprint/kinds.js'
import { openFilesLimit, surveyMachine } from './machine.js'
import { commandRules } from './main/commands.js'
import { prepareEntrance } from './main/entrance.js'
import { loadKinds } from './main/kinds.js'
import { readPlugins, type Plugins } from './plugins.js'
import { openPolicies } from './policy/policies.js'
import { chooseScheduler, describePolicies } from './scheduler/choose.js'
import { customPolicies, describeCustom } from './scheduler/custom.js'
import { openStore } from './store/store.js'
import { socketPacked } from './topology.js'
import { openWorkshop } from './workshop.js'

const help = `taylord: a job server for one big machine

Usage:
  taylord serve [options]      run the daemon
  taylord run FILE [options]   carry out the instructions of a file and print their reports
  taylord backup FILE          copy the database while the daemon runs; backup --help tells more
  taylord prune                remove old Bosses from a running daemon; prune --help tells more
  taylord check                verify the database; check --help tells more
  taylord token                make, list and revoke tokens; token --help tells more
  taylord --help               this text
  taylord --version            the version

Options of serve (each also as a variable TAYLORD_..., such as TAYLORD_PORT):
${settingsHelp()}

When it listens, the first line on stdout is "taylord listening on http://HOST:PORT" (https:// with TLS, unix:PATH on a socket). Logs are JSON lines on stderr.
It ends with 0 after SIGTERM, SIGINT or POST /v1/drain: nothing new starts, running work gets its grace; a second signal ends it at once.

${runHelp}
`
const versionOf = () => (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** Ends the process because of how it was called. */
function refuse(message: string): never {
  process.stderr.write(`taylord: ${message}\n`)
  process.exit(2)
}

function assertNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 12)) return
  refuse(`needs Node 22.12 or newer, this is ${process.versions.node}; run bin/taylord, which finds the one that was installed with it`)
}

/** What looks after a daemon's data, each with a help of its own. */
const tools: Readonly<Record<string, { help: string; act(args: readonly string[], data: string): Promise<number> }>> = {
  backup: { help: backupHelp, act: backup },
  check: { help: checkHelp, act: check },
  prune: { help: pruneHelp, act: prune },
  token: { help: tokenHelp, act: token },
}

/** The command line. */
async function main(args: readonly string[]): Promise<void> {
  assertNode()
  const [verb, ...rest] = args
  if (verb === '--version') return void process.stdout.write(`${versionOf()}\n`)
  const tool = verb === undefined ? undefined : tools[verb]
  if (tool) {
    if (rest.includes('--help') || rest.includes('-h')) return void process.stdout.write(`${tool.help}\n`)
    return process.exit(await tool.act(rest, standardData(process.env)))
  }
  if (verb === undefined || verb === '--help' || verb === '-h' || rest.includes('--help')) return void process.stdout.write(help)
  if (verb === 'run') return process.exit(await run(rest))
  if (verb !== 'serve') refuse(`there is no command "${verb}"; taylord --help lists what there is`)
  let config
  try {
    config = readConfig(rest, process.env)
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
  const commands = commandRules(config.commands, process.env)
  const kinds = loadKinds(commands, config.commands.none, plugins, log)
  const store = await opening
  await reapLeftovers(run)
  const shelf = new Shelf(config.data)
  const entrance = await prepareEntrance(config, store, log)
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
    commands,
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
    door: entrance.door,
    tls: entrance.tls,
    goDown: { graceSeconds: config.grace, ask: () => down.ask('POST /v1/drain') },
  })
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

await main(process.argv.slice(2))
