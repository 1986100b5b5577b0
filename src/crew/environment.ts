import { daemonVariable, tokenVariable } from '../frames.js'
import { cleanEnvironment } from '../processes.js'

/** What a host finds in its environment: little of the daemon's own, its token, and the daemon that it must not outlive. */
export function hostEnvironment(token: string): NodeJS.ProcessEnv {
  return { ...cleanEnvironment(), [tokenVariable]: token, [daemonVariable]: String(process.pid) }
}
