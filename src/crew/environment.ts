import { daemonVariable, remoteVariable, tokenVariable } from '../frames.js'
import { cleanEnvironment } from '../processes.js'

/** What a host finds in its environment: little of the daemon's own, its token, and the daemon that it must not outlive. */
export function hostEnvironment(token: string): NodeJS.ProcessEnv {
  return { ...cleanEnvironment(), [tokenVariable]: token, [daemonVariable]: String(process.pid) }
}

/**
 * What srun and a host that it starts find in theirs. A variable of Slurm's would make the daemon's own job, or its user's habits, theirs; only
 * where Slurm is set up is kept. No token: whoever ends what carries it would end srun, too.
 */
export const remoteEnvironment = (): NodeJS.ProcessEnv => ({ ...slurmEnvironment(), [remoteVariable]: '1' })

/** What Slurm's commands find. */
export function slurmEnvironment(): NodeJS.ProcessEnv {
  const conf = process.env['SLURM_CONF']
  return { ...cleanEnvironment(), ...(conf !== undefined && { SLURM_CONF: conf }) }
}
