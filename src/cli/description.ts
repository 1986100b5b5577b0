import { existsSync, readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'
import { BadUsage } from './verb.js'

/** What a JSON (*.json) or YAML file holds. @throws {BadUsage} naming the file. */
export function readFile(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8')
    return file.endsWith('.json') ? JSON.parse(text) : parseYaml(text)
  } catch (error) {
    throw new BadUsage(`${file} cannot be read: ${(error as Error).message.split('\n')[0]}${readAs(file)}`)
  }
}

/** What describes a Boss, as `POST /v1/bosses` takes it; what is in it the daemon checks. @throws {BadUsage} for what is no object. */
export function asDescription(file: string, content: unknown): Readonly<Record<string, unknown>> {
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Record<string, unknown>
  throw new BadUsage(`${file} must hold one object that describes a Boss, as POST /v1/bosses takes it${readAs(file)}`)
}

/** For a message: which files are read, where this one may be of another sort. */
export const readAs = (file: string): string =>
  /\.(ya?ml|json)$/.test(file) || !existsSync(file) ? '' : '; what does not end with .json, .ndjson or .jsonl is read as YAML'
