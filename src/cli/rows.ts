import { createReadStream, existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { linesOf } from '../client/lines.js'
import { readAs, readFile } from './description.js'
import { fill } from './template.js'
import { BadUsage, type Asked } from './verb.js'

/** What an instruction is given. */
export type Row = Readonly<Record<string, unknown>>

/** The rows that the command line asks for; undefined when it names none. @throws {BadUsage}, also when none come of what it names. */
export function rowsOf(asked: Asked): AsyncIterable<Row> | undefined {
  const rows = sourceOf(asked)
  return rows && some(rows, [...filesOf(asked), ...(asked.texts('each') ?? [])])
}

async function* some(rows: AsyncIterable<Row>, sources: readonly string[]): AsyncGenerator<Row, void, undefined> {
  let isEmpty = true
  for await (const row of rows) {
    isEmpty = false
    yield row
  }
  if (isEmpty)
    throw new BadUsage(`no rows came from ${sources.map((source) => (source === '-' ? 'stdin' : source)).join(', ')}; nothing was sent`)
}

function sourceOf(asked: Asked): AsyncIterable<Row> | undefined {
  const files = filesOf(asked)
  const inputs = asked.texts('each')
  const common = commonOf(asked)
  if (inputs && files.length > 0) throw new BadUsage(`--each and FILE are two sources of instructions; give one; ${asked.help}`)
  if (files.length > 0) {
    if (asked.rest.length > 0) throw new BadUsage(`what follows -- is for --each; the rows of a FILE say themselves what they are`)
    return rowsOfFiles(files, common)
  }
  if (asked.flag('null') && !inputs?.includes('-')) throw new BadUsage('--null is for --each -, whose values come from stdin')
  if (inputs) return rowsOfInputs(inputs, common, asked.rest, asked.flag('null'))
  const isOne = Object.keys(common).length > 0 || asked.rest.length > 0
  return isOne ? rowsOfInputs(undefined, common, asked.rest) : undefined
}

/** The operands that name files: all but the BOSS of `append`. @throws {BadUsage} for what looks like a command. */
export function filesOf({ verb, operands }: Asked): readonly string[] {
  const files = verb === 'append' ? operands.slice(1) : operands
  const [first] = files
  if (first === undefined || first === '-' || /\.\w+$/.test(first) || existsSync(first)) return files
  const call = `taylord ${verb}${verb === 'append' ? ` ${operands[0]}` : ''} -- ${files.join(' ')}`
  throw new BadUsage(`there is no file ${first}; a command stands behind --, as in ${call}`)
}

/** Whether a FILE is NDJSON, which may be of any length. */
export const isLines = (file: string): boolean => file === '-' || /\.(ndjson|jsonl)$/.test(file)

/** What every row has, unless it says otherwise. @throws {BadUsage} */
export function commonOf(asked: Asked): Row {
  const retries = asked.number('retries', { least: 0, whole: true })
  const given: Row = {
    kind: asked.text('kind'),
    ...withVariables(attributesOf(asked.attributes), asked.texts('env')),
    memory: asked.mebibytes('memory'),
    expected_time: asked.number('expected-time', { least: 0 }),
    cores: asked.number('cores', { least: 1, whole: true }),
    priority: asked.number('priority', { whole: true }),
    timeout: asked.seconds('timeout'),
    expires: asked.seconds('expires'),
    retry: retries === undefined ? undefined : { attempts: retries + 1 },
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** `--env NAME=VALUE`, beside what `--env:=` has as JSON. */
function withVariables(attributes: Row, given: readonly string[] = []): Row {
  if (given.length === 0) return attributes
  const variables = given.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
    if (name === undefined) throw new BadUsage(`--env takes NAME=VALUE; it is ${JSON.stringify(text)}`)
    return [name, value]
  })
  return { ...attributes, env: { ...(attributes['env'] as object | undefined), ...Object.fromEntries(variables) } }
}

/** `--width 320` is a text, which the kind makes a number of; `--args:='["-v"]'` is JSON. */
function attributesOf(given: Readonly<Record<string, string>>): Row {
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      if (!name.endsWith(':')) return [name, text]
      try {
        return [name.slice(0, -1), JSON.parse(text) as unknown]
      } catch {
        throw new BadUsage(`--${name}= takes JSON, as in --args:='["-v"]'; it is ${JSON.stringify(text)}`)
      }
    }),
  )
}

async function* rowsOfFiles(files: readonly string[], common: Row): AsyncGenerator<Row, void, undefined> {
  for (const file of files) {
    if (isLines(file)) yield* rowsOfLines(file, common)
    else {
      const rows = readFile(file)
      if (!Array.isArray(rows))
        throw new BadUsage(
          `${file} must hold a list of rows; one that describes a Boss must be the only FILE, and is for submit and run${readAs(file)}`,
        )
      for (const [at, row] of rows.entries()) yield asSent({ ...common, ...asRow(row, `${file}, row ${at + 1},`) })
    }
  }
}

async function* rowsOfLines(file: string, common: Row): AsyncGenerator<Row, void, undefined> {
  let no = 0
  for await (const line of linesIn(file)) {
    no++
    if (line.trim() === '') continue
    const where = `${file === '-' ? 'stdin' : file}, line ${no},`
    let row: unknown
    try {
      row = JSON.parse(line)
    } catch {
      throw new BadUsage(`${where} is no JSON; each line is one row, as in {"kind": "command", "program": "true"}`)
    }
    yield asSent({ ...common, ...asRow(row, where) })
  }
}

function asRow(row: unknown, where: string): Row {
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Row
  throw new BadUsage(`${where} is no object; each row is one, as in {"kind": "command", "program": "true"}`)
}

/** What has a program is a command, and a command runs in this directory unless it says otherwise. @param given its `cwd` as it was written. */
function asSent(row: Row, given = row['cwd']): Row {
  const { kind = 'program' in row ? 'command' : undefined } = row
  if (kind !== 'command') return row
  const isPlaced = 'cwd' in row || 'literal_cwd' in row
  return { kind, ...fromHere(isPlaced ? row : { cwd: '.', ...row }, given) }
}

/** With a relative `cwd` taken from this directory. Brackets in it are of attributes only where they were written so. */
export function fromHere(row: Row, given = row['cwd']): Row {
  const { cwd, ...others } = row
  if (typeof cwd !== 'string' || cwd === '') return row
  const path = isAbsolute(cwd) ? cwd : resolve(cwd)
  const isLiteral = path.includes('[') && !(typeof given === 'string' && given.includes('['))
  return { ...(isLiteral ? { literal_cwd: path } : { cwd: path }), ...others }
}

async function* linesIn(file: string): AsyncGenerator<string, void, undefined> {
  try {
    for await (const line of linesOf(file === '-' ? process.stdin : createReadStream(file))) yield line.replace(/\r$/, '')
  } catch (error) {
    throw new BadUsage(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/** Values that stdin holds, of which none is empty. @throws {BadUsage} */
async function* valuesOfStdin(endWithNul: boolean): AsyncGenerator<string, void, undefined> {
  for await (const value of endWithNul ? linesOf(process.stdin, nul) : linesIn('-')) {
    if (value.includes(nul)) throw new BadUsage('stdin holds NULs, as find -print0 writes them; -0 reads values that end with one')
    if (value !== '') yield value
  }
}

const nul = '\0'

/**
 * @param inputs undefined makes one row, with nothing put into it.
 * @param endWithNul whether those of stdin do.
 */
async function* rowsOfInputs(
  inputs: readonly string[] | undefined,
  common: Row,
  words: readonly string[],
  endWithNul = false,
): AsyncGenerator<Row, void, undefined> {
  const { kind } = common
  const isCommand = kind === 'command' || (kind === undefined && ('program' in common || words.length > 0))
  if (words.length > 0 && !isCommand) throw new BadUsage(`what follows -- is a command, and --kind ${String(kind)} is none`)
  const pattern: Row = { ...common, ...wordsOf(common, words) }
  if (!inputs) return yield asSent(pattern)
  const takesInput = JSON.stringify(fillAll(pattern, '', 0)) !== JSON.stringify(pattern)
  if (!takesInput && !isCommand) throw new BadUsage(`--each needs ${kind === undefined ? behind(inputs) : attribute}`)
  const names = new Set<string>()
  let number = 0
  for await (const input of expanded(inputs, endWithNul)) {
    number++
    const row = fillAll(pattern, input, number) as Row
    // as GNU parallel does
    const args = takesInput ? {} : { args: [...((row['args'] as string[] | undefined) ?? []), input] }
    const name = labelOf(input)
    const isNew = name !== '' && !names.has(name)
    names.add(name)
    yield asSent({ ...(isNew && { name }), ...row, ...args }, pattern['cwd'])
  }
}

const attribute = 'an attribute that takes the value, as in --src {}'

/** What `--each` lacks, when the last of its values is no file: it looks like a command. */
function behind(inputs: readonly string[]): string {
  const [last = '', ...others] = inputs.toReversed()
  if (others.length === 0 || last === '-' || existsSync(last)) return `a command behind --, as in -- wc {}, or ${attribute}`
  return `a command behind --, as in taylord submit --each ${others.toReversed().join(' ')} -- ${last}`
}

function wordsOf(common: Row, words: readonly string[]): Row {
  if (words.length === 0) return {}
  if ('program' in common) return { args: words }
  return { program: words[0], args: words.slice(1) }
}

function fillAll(value: unknown, input: string, number: number): unknown {
  if (typeof value === 'string') return fill(value, input, number)
  if (Array.isArray(value)) return value.map((item) => fillAll(item, input, number))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillAll(item, input, number)]))
}

/** The name of an instruction for an input: without what a daemon would replace, or refuse. */
export const labelOf = (input: string) =>
  input
    .replaceAll('[', '(')
    .replaceAll(']', ')')
    .replaceAll(/\p{Cc}/gu, ' ')
    .slice(-255)

/** Inputs, with globs that the shell has left. @throws {BadUsage} for one that matches nothing. */
async function* expanded(inputs: readonly string[], endWithNul: boolean): AsyncGenerator<string, void, undefined> {
  for (const input of inputs) {
    if (input === '-') yield* valuesOfStdin(endWithNul)
    else if (!/[*?[]/.test(input) || existsSync(input)) yield input
    else {
      const found: string[] = []
      for await (const path of glob(input)) found.push(path)
      if (found.length === 0) throw new BadUsage(`no file matches ${input}; values that are no files come by --each - and stdin`)
      yield* found.toSorted()
    }
  }
}
