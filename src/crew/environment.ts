import { daemonVariable, tokenVariable } from '../frames.js'

const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR']

/** What a host finds in its environment: little of the daemon's own, its token, and the daemon that it must not outlive. */
export function hostEnvironment(token: string): NodeJS.ProcessEnv {
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(inherited), [tokenVariable]: token, [daemonVariable]: String(process.pid) } as NodeJS.ProcessEnv
}
