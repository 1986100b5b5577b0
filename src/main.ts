import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { ageMsOf, BadSetting, readConfig, settingOptions, type Config } from './config.js'
import { readPlugins } from './plugins.js'
import { openStore } from './store/store.js'

// What a daemon needs is loaded while its store opens and its plugins are read, and nothing here that it does not need; other verbs load what is theirs.

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
  // Rules of `only` are plugins' regular expressions, which a daemon holds rows against: none may take a time that doubles with each character.
  // For other verbs, too, as compiled code that is kept is of use to those only that have the same flags.
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
  const [verb, ...rest] = args
  if (verb === '--version') return void process.stdout.write(`${versionOf()}\n`)
  if (verb !== 'serve' || rest.includes('--help') || rest.includes('-h')) {
    const [{ command }, { verbsWith }] = await Promise.all([import('./cli/command.js'), import('./cli/verbs.js')])
    return process.exit(await command(args, verbsWith(settingOptions())))
  }
  let config
  try {
    config = readConfig(rest, process.env)
  } catch (error) {
    if (error instanceof BadSetting) refuse(error.message)
    throw error
  }
  const data = resolve(config.data)
  try {
    for (const dir of [data, join(data, 'outputs'), join(data, 'run')]) makeDirectory(dir)
    const opening = openStore(join(data, 'taylord.db'), { events: config.keepEvents, ageMs: ageMsOf(config) })
    const plugins = config.plugins === undefined ? undefined : readPlugins(resolve(config.plugins))
    // they are awaited by serve, if nothing else goes wrong before
    for (const coming of [opening, plugins]) coming?.catch(() => undefined)
    const { serve } = await import('./serve.js')
    try {
      await serve({ ...config, data }, opening, plugins, versionOf())
    } finally {
      // what stopped it may have come while the database was being made
      await opening.then((store) => store.close()).catch(() => undefined)
    }
  } catch (error) {
    process.stderr.write(`taylord: cannot start with --data ${config.data}: ${whyNot(error as NodeJS.ErrnoException, config)}\n`)
    process.exit(1)
  }
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

await main(process.argv.slice(2))
