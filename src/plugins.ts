import { fork } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compileKind } from './footprint/compile.js'
import { BadDefinition, type KindDefinition } from './footprint/definition.js'
import type { Declared, Reading } from './plugin-reader.js'
import { cleanEnvironment } from './processes.js'
import { compilePolicy, type PluginPolicy } from './scheduler/custom.js'

/** A worker kind that a plugin declares, and where its task is. */
export interface PluginKind extends KindDefinition {
  /** URL of the module that a host imports for the task. */
  readonly module: string
  /** Name of the file in the plugin directory. */
  readonly file: string
}

/** What a plugin directory declares. */
export interface Plugins {
  readonly kinds: PluginKind[]
  readonly schedulers: PluginPolicy[]
  readonly refused: Refused[]
}

/** A file, or one of its definitions, that is left out. */
export interface Refused {
  readonly file: string
  /** For a person; names the definition where there is one. */
  readonly reason: string
}

const READER = fileURLToPath(new URL('./plugin-reader.js', import.meta.url))
const PATIENCE_MS = 10_000
/** Files that are read at once. */
const READERS = 4
const STDERR_SHOWN = 2000

/**
 * Learns which worker kinds and schedulers the modules of a directory declare: every `*.js` and `*.mjs` in it, by name. Each is imported in
 * a short-lived process of its own, so that one that throws, hangs for 10 s, exits or crashes costs nothing but itself.
 * @param dir plugin directory.
 * @param node executable that runs the modules.
 * @returns both in the order of file names and of each file's list; of two of the same name the later one is refused.
 * @throws {Error} when the directory cannot be read.
 */
export async function readPlugins(dir: string, node: string = process.execPath): Promise<Plugins> {
  const paths = await modulesIn(resolve(dir))
  const readings: Reading[] = []
  let next = 0
  const reader = async () => {
    for (let i = next++; i < paths.length; i = next++) readings[i] = await readApart(paths[i] as string, node)
  }
  await Promise.all(Array.from({ length: READERS }, reader))

  const plugins: Plugins = { kinds: [], schedulers: [], refused: [] }
  paths.forEach((path, i) => {
    const file = basename(path)
    const reading = readings[i] as Reading
    if ('fault' in reading) {
      plugins.refused.push({ file, reason: reading.fault })
      return
    }
    if (reading.definitions.length === 0) plugins.refused.push({ file, reason: 'its list of definitions is empty' })
    reading.definitions.forEach((declared, at) => {
      try {
        take(plugins, declared, { module: pathToFileURL(path).href, file }, `definition ${at + 1}`)
      } catch (error) {
        if (!(error instanceof BadDefinition)) throw error
        plugins.refused.push({ file, reason: error.message })
      }
    })
  })
  return plugins
}

/** @throws {BadDefinition} */
function take({ kinds, schedulers }: Plugins, declared: Declared, from: { module: string; file: string }, label: string): void {
  const { data, hasTask, hooksFit, hasLaunchable } = declared
  if (isPolicy(data)) {
    const policy = compilePolicy(data, label)
    if (!hasLaunchable) throw new BadDefinition(policy.scheduler, 'it has no function "launchable", which decides what may start')
    const other = schedulers.find(({ scheduler }) => scheduler === policy.scheduler)
    if (other) throw new BadDefinition(policy.scheduler, `${other.file} defines a scheduler of this name already`)
    schedulers.push({ ...policy, ...from })
    return
  }
  const { definition } = compileKind(data, label)
  if (!hasTask) throw new BadDefinition(definition.worker, 'it has no function "task", which carries an instruction out')
  if (!hooksFit) throw new BadDefinition(definition.worker, 'its "hooks" must be a list of functions, which run before the task')
  const other = kinds.find(({ worker }) => worker === definition.worker)
  if (other) throw new BadDefinition(definition.worker, `${other.file} defines a worker of this name already`)
  kinds.push({ ...definition, ...from })
}

const isPolicy = (data: unknown): data is Record<string, unknown> =>
  typeof data === 'object' && data !== null && 'scheduler' in data && !('worker' in data)

async function modulesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const what =
      error.code === 'ENOENT' ? 'does not exist' : error.code === 'ENOTDIR' ? 'is not a directory' : `cannot be read (${error.code})`
    throw new Error(`the plugin directory ${dir} ${what}; give --plugins a directory with *.js or *.mjs files`, { cause: error })
  })
  const modules = entries.filter((entry) => /\.m?js$/.test(entry.name) && !entry.isDirectory())
  return modules.map(({ name }) => join(dir, name)).sort()
}

/** Imports one file in a process of its own, which leads a process group, so that whatever it starts goes with it. */
function readApart(path: string, node: string): Promise<Reading> {
  return new Promise((done) => {
    const child = fork(READER, [path], {
      execPath: node,
      execArgv: [],
      env: cleanEnvironment(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let stderr = ''
    let ended = false
    const end = (reading: Reading) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      if (child.pid !== undefined) killGroup(child.pid)
      done(reading)
    }
    const timer = setTimeout(() => end({ fault: `importing it took more than ${PATIENCE_MS / 1000} s` }), PATIENCE_MS)
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_SHOWN)
    })
    // the module shares the channel and may say anything on it
    child.on('message', (message) => {
      if (isReading(message)) end(message)
    })
    child.on('error', (error) => end({ fault: `no process to import it: ${error.message}` }))
    child.on('close', (code, signal) => {
      const said = stderr.trim()
      end({ fault: `its process ended with ${signal ?? `exit code ${code}`} while it was imported${said && `: ${said}`}` })
    })
  })
}

function isReading(message: unknown): message is Reading {
  if (typeof message !== 'object' || message === null) return false
  if ('fault' in message) return typeof message.fault === 'string'
  return 'definitions' in message && Array.isArray(message.definitions) && message.definitions.every(isDeclared)
}

const isDeclared = (given: unknown): given is Declared => typeof given === 'object' && given !== null

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it is gone
  }
}
