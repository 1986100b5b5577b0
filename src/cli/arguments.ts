import { readFileSync, statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parse as parseYaml } from 'yaml'

/** A command that cannot be carried out as it was given; the message says what to do. */
export class BadUsage extends Error {}

/** What `taylord run` was told. */
export interface RunArguments {
  readonly file: string
  /** URL of a daemon; undefined: one of its own. */
  readonly server: string | undefined
  /** Directory of worker kinds for a daemon of its own. */
  readonly plugins: string | undefined
  /** Print the report as one JSON document. */
  readonly json: boolean
}

const options = { server: { type: 'string' }, plugins: { type: 'string' }, json: { type: 'boolean' } } as const

/** @throws {BadUsage} */
export function readArguments(args: readonly string[]): RunArguments {
  const { values, positionals } = parsed(args)
  const { server, plugins, json = false } = values
  const [file, ...more] = positionals
  if (file === undefined) throw new BadUsage('run needs a FILE that describes a Boss; taylord --help shows how')
  if (more.length > 0) throw new BadUsage(`run takes one FILE, not also ${more.join(' ')}`)
  if (server !== undefined && plugins !== undefined)
    throw new BadUsage('--plugins is for a daemon of its own; the one at --server has its plugins already')
  if (server !== undefined && !/^https?:$/.test(URL.parse(server)?.protocol ?? ''))
    throw new BadUsage(`--server takes a URL such as http://127.0.0.1:8080; it is ${JSON.stringify(server)}`)
  if (plugins !== undefined && !statSync(plugins, { throwIfNoEntry: false })?.isDirectory())
    throw new BadUsage(`--plugins takes a directory of worker kinds; ${plugins} is none`)
  return { file, server, plugins, json }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new BadUsage(`${(error as Error).message.split(/\.\s/)[0]}; taylord --help lists the options of run`)
  }
}

/**
 * Reads the description of a Boss: what `POST /v1/bosses` takes, as JSON or YAML.
 * @throws {BadUsage} naming the file, for what cannot be read or is no object; what is in it the daemon checks.
 */
export function readDescription(file: string): Readonly<Record<string, unknown>> {
  let content: unknown
  try {
    const text = readFileSync(file, 'utf8')
    content = file.endsWith('.json') ? JSON.parse(text) : parseYaml(text)
  } catch (error) {
    throw new BadUsage(`${file} cannot be read: ${(error as Error).message.split('\n')[0]}`)
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Record<string, unknown>
  throw new BadUsage(`${file} must hold one object that describes a Boss, as POST /v1/bosses takes it`)
}
