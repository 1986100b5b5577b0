import { isAbsolute } from 'node:path'
import type { Objection } from '../../footprint/definition.js'
import type { CommandRules } from '../../frames.js'
import { tasksets } from '../../topology.js'
import { mayNameDirectory, mayNameFile } from '../within.js'

const zero = '\0'
const isGiven = (value: unknown) => value !== undefined && value !== null
const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes(zero)
const isListOf = (value: unknown, holds: (item: unknown) => boolean) => Array.isArray(value) && value.every(holds)

/** A variable's value: a text, or where the secret is that is to be in its place. */
function isValue(value: unknown): boolean {
  if (isText(value)) return true
  if (typeof value !== 'object' || value === null) return false
  const [[source, where] = [], ...more] = Object.entries(value)
  return (source === 'from_file' || source === 'from_env') && isText(where) && where !== '' && more.length === 0
}

function areVariables(env: unknown): boolean {
  return Object.entries(env as object).every(([name, value]) => isValue(value) && isText(name) && name !== '' && !name.includes('='))
}

/**
 * What is wrong with the attributes of a command that its footprint lets through: a footprint says nothing of what is in a list.
 * @param attributes as resolved; null or absent where one is not given.
 * @param row that they are of: the language makes a list of the letters of a text, which no command line is.
 * @returns the first attribute that is wrong, and what it must be.
 */
export const objectionToCommand: Objection = (attributes, row = attributes) => {
  const { program, args, env, cwd, literal_cwd: literal, stdin, ok_codes: okCodes, taskset, taskset_bsize: size } = attributes
  const wrong = (attribute: string, mustBe: string) => ({ attribute, mustBe })
  if (!isText(program) || program === '') return wrong('program', 'a path or a name, without a zero character')
  if (isGiven(args) && !(isListOf(args, isText) && (!isGiven(row['args']) || Array.isArray(row['args']))))
    return wrong('args', 'a list of texts without a zero character, as in ["-l"]')
  if (isGiven(env) && !areVariables(env)) return wrong('env', 'an object of texts, of {"from_file": PATH} or of {"from_env": NAME}')
  for (const [name, path] of Object.entries({ cwd, literal_cwd: literal }))
    if (isGiven(path) && !(isText(path) && isAbsolute(path))) return wrong(name, 'the absolute path of a directory')
  if (isGiven(cwd) && isGiven(literal)) return wrong('literal_cwd', 'left out where there is a "cwd"')
  if (isGiven(stdin) && typeof stdin !== 'string') return wrong('stdin', 'a text')
  if (isGiven(okCodes) && !isListOf(okCodes, Number.isInteger)) return wrong('ok_codes', 'a list of whole numbers')
  if (isGiven(taskset) && !tasksets.some((known) => known === taskset)) return wrong('taskset', `one of ${tasksets.join(', ')}`)
  if (isGiven(size) && !(Number.isInteger(size) && Number(size) >= 1)) return wrong('taskset_bsize', 'a whole number from 1 on')
  return undefined
}

interface Given {
  readonly program: string
  readonly env?: object | null
  readonly cwd?: string | null
  readonly literal_cwd?: string | null
}

/**
 * The same, and what the daemon's settings do not let a row have. What is on the disk, where a path may lead elsewhere, the host looks at when it
 * starts the program.
 */
export function objectionUnder(rules: CommandRules): Objection {
  const { programs, directories, variables, secrets_dir: dir, secrets } = rules
  return (attributes, row) => {
    const wrong = objectionToCommand(attributes, row)
    if (wrong) return wrong
    const { program, env, cwd, literal_cwd: literal } = attributes as unknown as Given
    const directory = cwd ?? literal
    if (programs && !Object.hasOwn(programs, program))
      return {
        attribute: 'program',
        mustBe: `one of those that this daemon may run (--allow-programs): ${Object.keys(programs).join(', ') || 'none'}`,
      }
    if (directories && directory != null && !mayNameDirectory(directory, directories))
      return {
        attribute: cwd == null ? 'literal_cwd' : 'cwd',
        mustBe: `in one of the directories of this daemon (--allow-cwd): ${directories.join(', ')}`,
      }
    for (const [name, value] of Object.entries(env ?? {}) as [string, string | Record<string, string>][]) {
      if (programs && !variables.includes(name))
        return {
          attribute: 'env',
          mustBe: `of variables that this daemon lets rows give (--allow-env), which ${name} is not: ${variables.join(', ') || 'none'}`,
        }
      if (typeof value === 'string') continue
      const { from_file: file, from_env: variable } = value
      if (file !== undefined && !(dir !== undefined && mayNameFile(file, dir)))
        return { attribute: 'env', mustBe: `of secrets in the directory of this daemon (--secrets-dir), which that of ${name} is not` }
      if (variable !== undefined && !Object.hasOwn(secrets, variable))
        return { attribute: 'env', mustBe: `of secrets that this daemon has (--secret-env), which that of ${name} is not` }
    }
    return undefined
  }
}

/** Starts a program and reports its exit code and what it wrote. Program hosts carry it out; it has no task of its own. */
export default {
  worker: 'command',
  objection: objectionToCommand,
  footprint: {
    attr: {
      kind: { values: ['command'] },
      program: { info: 'a path, or a name that is looked up in PATH' },
      args: { type: 'FPList' as const, optional: true, default: [], info: 'texts' },
      env: {
        type: 'FPDict' as const,
        optional: true,
        default: {},
        info: 'variables added to a clean environment: texts, {"from_file": PATH} or {"from_env": NAME} for a secret',
      },
      cwd: { optional: true, info: 'directory to run in, an absolute path; default: a fresh one that is removed afterwards' },
      literal_cwd: { type: 'FPStr' as const, optional: true, info: 'the same in place of cwd; no [attr] in it is replaced' },
      stdin: { type: 'FPStr' as const, optional: true, info: 'text for its standard input; no [attr] in it is replaced' },
      ok_codes: { type: 'FPList' as const, optional: true, default: [0], info: 'exit codes that are a success' },
      taskset: { values: tasksets, optional: true, info: 'order of CPUs, and how the program is told which ones are its own' },
      taskset_bsize: { type: 'int' as const, optional: true, alias: ['block_size'], info: 'CPUs for the program; 1 when not given' },
    },
  },
}
