import koffi from 'koffi'

const libc = koffi.load('libc.so.6')

/** The calls of the C library that a host needs and Node does not have. Buffers for structures are larger than 64 bytes: V8 may move smaller ones. */
export const prctl = libc.func('int prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)')
/** Ends the process from whichever of its threads, with no word to the others. */
export const exit = libc.func('void _exit(int code)')
export const kill = libc.func('int kill(int pid, int signal)')
export const getpagesize = libc.func('int getpagesize()')
export const read = libc.func('long read(int fd, void *buffer, size_t count)')
export const close = libc.func('int close(int fd)')
export const fcntl = libc.func('int fcntl(int fd, int command, int argument)')
export const pipe2 = libc.func('int pipe2(void *fds, int flags)')
export const poll = libc.func('int poll(void *fds, unsigned long count, int timeout)')
/** `syscall` for calls of two numbers. */
export const syscall = libc.func('long syscall(long number, long first, long second)')
export const wait4 = libc.func('int wait4(int pid, void *status, int options, void *rusage)')
export const memfdCreate = libc.func('int memfd_create(const char *name, unsigned int flags)')
export const posixSpawn = libc.func(
  'int posix_spawn(void *pid, const char *path, void *actions, void *attributes, const char **argv, const char **envp)',
)
export const spawnattrInit = libc.func('int posix_spawnattr_init(void *attributes)')
export const spawnattrSetflags = libc.func('int posix_spawnattr_setflags(void *attributes, short flags)')
export const spawnattrSetsigdefault = libc.func('int posix_spawnattr_setsigdefault(void *attributes, void *set)')
export const spawnattrSetsigmask = libc.func('int posix_spawnattr_setsigmask(void *attributes, void *set)')
export const actionsInit = libc.func('int posix_spawn_file_actions_init(void *actions)')
export const actionsDestroy = libc.func('int posix_spawn_file_actions_destroy(void *actions)')
export const actionsDup2 = libc.func('int posix_spawn_file_actions_adddup2(void *actions, int fd, int newfd)')
export const actionsOpen = libc.func('int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, int mode)')
export const actionsChdir = libc.func('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)')
export const actionsClosefrom = libc.func('int posix_spawn_file_actions_addclosefrom_np(void *actions, int from)')
export const schedGetaffinity = libc.func('int sched_getaffinity(int pid, size_t bytes, void *mask)')
export const schedSetaffinity = libc.func('int sched_setaffinity(int pid, size_t bytes, void *mask)')
export const sigfillset = libc.func('int sigfillset(void *set)')
export const sigemptyset = libc.func('int sigemptyset(void *set)')
