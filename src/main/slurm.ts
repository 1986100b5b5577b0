import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Slurm } from '../config.js'
import type { Crew } from '../crew/crew.js'
import { slurmCrew } from '../crew/slurm.js'

const programs = ['setpriv', 'srun', 'squeue', 'scancel', 'sinfo']

/**
 * The crew of the cluster that Slurm's commands on this machine belong to. Whether Slurm answers shows later.
 * @param id of the database, by which jobs of an earlier daemon are recognised.
 * @param data directory of the daemon, which all nodes must see.
 * @throws Error when its commands are not there.
 */
export function openSlurm(settings: Slurm, id: string, data: string, rules: Parameters<typeof slurmCrew>[1]): Crew {
  const missing = programs.filter((name) => !isThere(name))
  if (missing.length > 0)
    throw new Error(
      `--slurm: ${missing.join(', ')} cannot be found in PATH; install Slurm's client commands (and util-linux) here, or start without it`,
    )
  const { idle, ping, lease, ...others } = settings
  const times = { idleMs: idle * 1000, pingMs: ping * 1000, leaseMs: lease * 1000 }
  return slurmCrew({ ...others, ...times, tag: `taylord-${id}`, dir: realpathSync(data) }, rules)
}

function isThere(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
