import { spawn } from 'node:child_process'

// blocked until the host is gone, however it went; then the program's group, then thrice whatever carries the token: a program may
// start others while they are being killed
const script = `
trap '' HUP INT TERM
read -r _
read -r program < "$1"
[ "$program" -gt 0 ] && kill -KILL -- "-$program"
for _ in 1 2 3; do
  [ -n "$3" ] && kill -KILL $(cat "$3/cgroup.procs" "$3.programs/cgroup.procs") 2> /dev/null
  for environ in $(grep -lxz "$2" /proc/[0-9]*/environ); do
    pid=\${environ#/proc/}
    kill -KILL "\${pid%/environ}"
  done
done
[ -n "$4" ] && rm -rf -- "$4"`

/**
 * Starts the guard of this host: a shell that ends what the host started when the host is gone.
 * @param run the host's run file.
 * @param token variable and value that everything of this host carries in its environment.
 * @param cgroup directory of the host's group, if it has one: by it even what cleared its environment is found.
 * @param own directory of the host alone, which goes with it.
 * @returns its pid.
 */
export function startGuard(run: string, token: string, cgroup = '', own = ''): number {
  const guard = spawn('/bin/sh', ['-c', script, 'taylord-guard', run, token, cgroup, own], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  })
  guard.on('error', () => process.exit(1)) // without a guard this host must not start anything
  guard.unref()
  // its pipe must not keep this host from ending
  ;(guard.stdin as unknown as { unref(): void }).unref()
  return guard.pid ?? 0
}
