import { realpathSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { Commands } from '../config.js'
import type { CommandRules } from '../frames.js'
import { CannotStart, findProgram, standardPath } from '../worker/find-program.js'

/**
 * What the kind `command` may run, as the settings say, looked up on this machine.
 * @param env of the daemon; the secrets are taken out of it, so that nothing else finds them there.
 * @throws Error that names the setting.
 */
export function commandRules(settings: Commands, env: NodeJS.ProcessEnv): CommandRules {
  const { none, programs, directories, variables, secretsDir, secretVariables } = settings
  const secrets = Object.fromEntries(
    secretVariables.map((name) => {
      const value = env[name]
      if (value === undefined) throw new Error(`--secret-env: there is no variable ${name} in the environment of this daemon`)
      delete env[name]
      return [name, value]
    }),
  )
  return {
    ...((none || programs) && { programs: Object.fromEntries((none ? [] : (programs ?? [])).flatMap((name) => namesOf(name, env))) }),
    ...(directories && { directories: [...new Set(directories.flatMap((path) => [path, real('--allow-cwd', path)]))] }),
    variables,
    ...(secretsDir !== undefined && { secrets_dir: real('--secrets-dir', secretsDir) }),
    secrets,
  }
}

/** The texts that stand for a program, and its file. */
function namesOf(name: string, env: NodeJS.ProcessEnv): [string, string][] {
  if (name.includes('/') && !isAbsolute(name)) throw new Error(`--allow-programs takes names and absolute paths; ${name} is neither`)
  try {
    const found = findProgram(name, env['PATH'] ?? standardPath, '/')
    const file = real('--allow-programs', found)
    return [
      [name, file],
      [found, file],
    ]
  } catch (error) {
    throw error instanceof CannotStart ? new Error(`--allow-programs: ${error.message}`) : error
  }
}

function real(setting: string, path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    throw new Error(`${setting}: ${path} cannot be used: ${(error as Error).message}`)
  }
}
