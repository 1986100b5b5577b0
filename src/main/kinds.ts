import type { Logger } from 'pino'
import type { Role } from '../crew/crew.js'
import { toJsonSchema } from '../footprint/json-schema.js'
import type { CommandRules } from '../frames.js'
import type { PluginKind, Plugins } from '../plugins.js'
import command, { objectionUnder } from '../worker/kinds/command.js'
import logarithmer from '../worker/kinds/logarithmer.js'
import matrixProducter from '../worker/kinds/matrix-producter.js'
import sleeper from '../worker/kinds/sleeper.js'
import summer from '../worker/kinds/summer.js'
import type { KindsDocument } from '../workshop/contract.js'

/** A kind of the program itself; its module is called as it is. */
const builtInKind = <Definition extends { readonly worker: string }>(definition: Definition, role: Role) => ({
  ...definition,
  module: new URL(`../worker/kinds/${definition.worker}.js`, import.meta.url).href,
  role,
})
const tasks = [sleeper, logarithmer, summer, matrixProducter].map((definition) => builtInKind(definition, 'js'))

export type LoadedKind = Omit<PluginKind, 'file'> & { readonly role: Role; readonly file?: string }

/**
 * The kinds in the program, and those of the plugins; what cannot be used is left out and told.
 * @param rules what programs may be run.
 * @param none whether none may: then there is no such kind.
 */
export function loadKinds(
  rules: CommandRules,
  none: boolean,
  { kinds: declared, refused }: Plugins,
  log: Logger,
): { all: LoadedKind[]; document: KindsDocument } {
  const programs = none ? [] : [builtInKind({ ...command, objection: objectionUnder(rules) }, 'program')]
  const builtIn = [...programs, ...tasks]
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
