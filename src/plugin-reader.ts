import { pathToFileURL } from 'node:url'

/**
 * Runs in a process of its own, started by `plugins.ts` for one plugin file, whose path is its argument: imports the file,
 * which may do anything meanwhile, and hands back what it declares as plain data over the process channel.
 */

/** One definition as data, and which function it has. */
export interface Declared {
  readonly data: unknown
  readonly hasTask: boolean
  readonly hooksFit: boolean
  readonly hasLaunchable: boolean
}

/** What the reader hands back. */
export type Reading = { readonly definitions: readonly Declared[] } | { readonly fault: string }

const file = process.argv[2] ?? ''
process.send?.(await read(file), () => process.exit(0))

async function read(path: string): Promise<Reading> {
  let given: unknown
  try {
    const module: { default?: unknown } = await import(pathToFileURL(path).href)
    given = module.default
  } catch (error) {
    // where it is only Node knows, which says so when this process ends of it
    if (error instanceof SyntaxError) throw error
    return { fault: `it cannot be imported: ${wordsOf(error)}` }
  }
  if (given === undefined)
    return {
      fault:
        'it has no default export; it should be one definition, { worker, footprint, task } or { scheduler, settings, launchable }, or a list of them',
    }
  try {
    const definitions = Array.isArray(given) ? given : [given]
    return {
      definitions: definitions.map((definition) => ({
        data: dataOf(definition),
        hasTask: typeof definition?.task === 'function',
        hasLaunchable: typeof definition?.launchable === 'function',
        hooksFit: areHooks(definition?.hooks ?? []),
      })),
    }
  } catch (error) {
    return { fault: `its default export is not plain data: ${wordsOf(error)}` }
  }
}

function areHooks(hooks: unknown): boolean {
  return Array.isArray(hooks) && hooks.every((hook) => typeof hook === 'function')
}

/**
 * A definition without its functions. A regular expression becomes `{ $re: text }`. Another function is told by name, to be refused where data
 * belongs; what JSON cannot hold throws.
 */
function dataOf(definition: unknown): unknown {
  const asData = (key: string, value: unknown) => {
    if (value instanceof RegExp) return { $re: value.ignoreCase ? `(?i)${value.source}` : value.source }
    return typeof value === 'function' && key !== 'task' && key !== 'launchable' ? `function ${key}` : value
  }
  return JSON.parse(JSON.stringify(definition ?? null, asData))
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
