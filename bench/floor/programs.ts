// The floor of programs: starts /bin/true again and again by posix_spawn, each in a session of its own with its output captured by two pipes,
// and waits for it. No daemon, no reports, nothing else that may go on meanwhile. `node programs.ts`; each message of IPC is how many to start.
import koffi from 'koffi'

const libc = koffi.load('libc.so.6')
const pipe2 = libc.func('int pipe2(void *fds, int flags)')
const read = libc.func('long read(int fd, void *buffer, size_t count)')
const close = libc.func('int close(int fd)')
const wait4 = libc.func('int wait4(int pid, void *status, int options, void *rusage)')
const spawn = libc.func(
  'int posix_spawn(void *pid, const char *path, void *actions, void *attributes, const char **argv, const char **envp)',
)
const attributesInit = libc.func('int posix_spawnattr_init(void *attributes)')
const setFlags = libc.func('int posix_spawnattr_setflags(void *attributes, short flags)')
const actionsInit = libc.func('int posix_spawn_file_actions_init(void *actions)')
const open = libc.func('int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, int mode)')
const dup2 = libc.func('int posix_spawn_file_actions_adddup2(void *actions, int fd, int newfd)')
const closeFrom = libc.func('int posix_spawn_file_actions_addclosefrom_np(void *actions, int from)')

const [closeOnExec, newSession] = [0o2000000, 0x80]
// V8 may move what is not larger than 64 bytes
const [attributes, pid, ends, status, usage, text] = [512, 128, 128, 128, 256, 4096].map((bytes) => Buffer.alloc(bytes)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
]
attributesInit(attributes)
setFlags(attributes, newSession)
/** By the two descriptors that become stdout and stderr: the kernel gives the same ones again. */
const prepared = new Map<string, Buffer>()

function actionsFor(out: number, err: number): Buffer {
  const known = prepared.get(`${out} ${err}`)
  if (known) return known
  const actions = Buffer.alloc(128)
  actionsInit(actions)
  open(actions, 0, '/dev/null', 0, 0)
  dup2(actions, out, 1)
  dup2(actions, err, 2)
  closeFrom(actions, 3)
  prepared.set(`${out} ${err}`, actions)
  return actions
}

function pipe(): readonly [number, number] {
  if (pipe2(ends, closeOnExec) !== 0) throw new Error('no pipe')
  return [ends.readInt32LE(0), ends.readInt32LE(4)]
}

function runOne(): void {
  const [out, outEnd] = pipe()
  const [err, errEnd] = pipe()
  if (spawn(pid, '/bin/true', actionsFor(outEnd, errEnd), attributes, ['/bin/true', null], ['PATH=/usr/bin:/bin', null]) !== 0)
    throw new Error('it was not started')
  close(outEnd)
  close(errEnd)
  wait4(pid.readInt32LE(0), status, 0, usage)
  for (const fd of [out, err]) {
    while (read(fd, text, text.length) > 0);
    close(fd)
  }
  if (status.readInt32LE(0) !== 0) throw new Error('it failed')
}

process.on('message', (n) => {
  for (let i = 0; i < Number(n); i++) runOne()
  process.send?.('done')
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
