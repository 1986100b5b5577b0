import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pino, type Logger } from 'pino'
import { Shelf } from './arrays/shelf.js'
import { openCgroups } from './cgroup.js'
import { run, runHelp } from './cli/run.js'
import { BadSetting, readConfig, settingsHelp, type Config } from './config.js'
import type { Role } from './crew/crew.js'
import { localCrew, reapLeftovers } from './crew/local.js'
import { toJsonSchema } from './footprint/json-schema.js'
import { compileKinds } from './footprint/kinds.js'
import { buildApp } from './http/app.js'
import { surveyMachine } from './machine.js'
import { readPlugins, type PluginKind, type Plugins } from './plugins.js'
import { openPolicies } from './policy/policies.js'
import { chooseScheduler } from './scheduler/choose.js'
import { customPolicies } from './scheduler/custom.js'
import { openStore } from './store/store.js'
import { socketPacked } from './topology.js'
import command from './worker/kinds/command.js'
import logarithmer from './worker/kinds/logarithmer.js'
import matrixProducter from './worker/kinds/matrix-producter.js'
import sleeper from './worker/kinds/sleeper.js'
import summer from './worker/kinds/summer.js'
import { openWorkshop } from './workshop.js'
import type { KindsDocument } from './workshop/contract.js'

const help = `taylord: a job server for one big machine

Usage:
  taylord serve [options]      run the daemon
  taylord run FILE [options]   carry out the instructions of a file and print their reports
  taylord --help               this text
  taylord --version            the version

Options of serve (each also as a variable TAYLORD_..., such as TAYLORD_PORT):
${settingsHelp()}

When it listens, the first line on stdout is "taylord listening on http://HOST:PORT". Logs are JSON lines on stderr.
It ends with 0 after SIGTERM or SIGINT: nothing new starts, running work gets its grace; a second signal ends it at once.

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

/** The command line. */
async function main(args: readonly string[]): Promise<void> {
  assertNode()
  const [verb, ...rest] = args
  if (verb === '--version') return void process.stdout.write(`${versionOf()}\n`)
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
    mkdirSync(data, { recursive: true })
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
function whyNot({ code, message }: NodeJS.ErrnoException, { host, port }: Config): string {
  if (code !== 'EADDRINUSE') return message
  return `port ${port} of ${host} is in use; stop what listens there, or give another --port (0 takes a free one)`
}

/** How long hosts get to end by themselves once their work is done. */
const closingMs = 500

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
 * has ended after SIGTERM or SIGINT.
 * @throws Error when it cannot start: the data directory, a plugin directory that is not there, an address in use.
 */
async function serve(config: Config, log: Logger): Promise<void> {
  const machine = surveyMachine()
  const [outputs, run] = ['outputs', 'run'].map((name) => join(config.data, name)) as [string, string]
  for (const dir of [outputs, run]) mkdirSync(dir, { recursive: true })
  const none: Plugins = { kinds: [], schedulers: [], refused: [] }
  const plugins = config.plugins === undefined ? none : await readPlugins(resolve(config.plugins))
  const kinds = loadKinds(plugins, log)
  const store = await openStore(join(config.data, 'taylord.db'))
  await reapLeftovers(run)
  const shelf = new Shelf(config.data)
  await shelf.sweep(new Set(await store.read('arrayPlaces')))
  const roles = Object.fromEntries(kinds.all.map(({ worker, role }) => [worker, role]))
  const modules = Object.fromEntries(kinds.all.map(({ worker, module }) => [worker, module]))
  const recycle = { after: config.recycleAfter, above: config.recycleAbove }
  const cgroups = openCgroups()
  const crew = localCrew({ cgroups, runDir: run, outputsDir: outputs, modules, topology: machine.topology, recycle, log })
  const policies = openPolicies(log)
  const custom = customPolicies(plugins.schedulers)
  const measure = { cpus: machine.cpus.length, memoryMiB: machine.memoryMiB }
  const workshop = await openWorkshop({
    store,
    crew,
    policies,
    log,
    kinds: compileKinds(kinds.all.map(({ worker, footprint }) => ({ worker, footprint }))),
    roles,
    kindsDocument: kinds.document,
    schedulerOf: (given) => (given?.['scheduler'] == null ? chooseScheduler(given, measure) : custom(given)),
    enforcement: { mode: cgroups.enforcement, reason: cgroups.reason },
    machine: { ...machine, order: socketPacked(machine.topology, 1) },
    slots: config.slots,
    maxRows: config.maxRows,
    outputs,
    shelf,
  })
  const app = await buildApp({ workshop, feed: workshop.feed, machine: measure, logger: log, maxRows: config.maxRows, shelf })
  const signalled = untilSignalled()
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

  const { signal, again } = await signalled
  log.info({ signal }, 'going down: nothing new starts')
  await Promise.race([workshop.drain(config.grace * 1000), again])
  await Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, closingMs).unref())])
  await workshop.close()
  policies.close()
  await crew.close(closingMs)
  cgroups.close()
  await store.close()
  log.info('down')
}

/** Resolves at the first SIGTERM or SIGINT; `again` at the second one. */
function untilSignalled(): Promise<{ signal: string; again: Promise<void> }> {
  return new Promise((resolve) => {
    let second: (() => void) | undefined
    const again = new Promise<void>((done) => {
      second = done
    })
    let heard = false
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        if (heard) second?.()
        heard = true
        resolve({ signal, again })
      })
    }
  })
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
