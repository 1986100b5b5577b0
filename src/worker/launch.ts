import { ftruncateSync, writeSync } from 'node:fs'
import { CannotStart } from './find-program.js'
import * as libc from './libc.js'

/** A program that runs: its pid, which is also its process group, and the reading ends of its streams, which block. */
export interface Launched {
  readonly pid: number
  readonly stdout: number
  readonly stderr: number
}

const closeOnExec = 0o2000000
const memfdCloseOnExec = 1
const newSession = 0x80
const defaultSignals = 4
const signalMask = 8
/** In place of a descriptor. */
const none = -1
/** Bits for 8,192 CPUs, the most that Linux can be built for. */
const maskBytes = 1024
const words = new Map([
  [2, 'there is no such file, or its interpreter is missing'],
  [7, 'its arguments and environment are too long'],
  [8, 'it is no program that this machine can run; a script needs a first line such as #!/bin/sh'],
  [11, 'the machine has no room for another process'],
  [12, 'the machine has no memory for another process'],
  [13, 'it may not be executed'],
])

const attributes = spawnAttributes()
// used again and again: what is done with them is done before anything else happens
const actions = Buffer.alloc(128)
const pid = Buffer.alloc(128)
const ends = Buffer.alloc(128)
/** What `actions` do; the kernel gives the same descriptors again and again. */
let prepared: { readonly input: number; readonly out: number; readonly err: number; readonly cwd: string } | undefined

/** Session of its own, every signal as a program expects it. */
function spawnAttributes(): Buffer {
  const buffer = Buffer.alloc(512)
  const signals = Buffer.alloc(256)
  libc.spawnattrInit(buffer)
  libc.spawnattrSetflags(buffer, newSession | defaultSignals | signalMask)
  // glibc makes one call for a signal that is named, two for others
  libc.sigfillset(signals)
  libc.spawnattrSetsigdefault(buffer, signals)
  libc.sigemptyset(signals)
  libc.spawnattrSetsigmask(buffer, signals)
  return buffer
}

/**
 * Starts a program: in a session of its own, with nothing of this host open in it, its streams on pipes.
 * @param file absolute path.
 * @param name what it finds as its own name.
 * @param stdin bytes that it may read; undefined: it reads an end of file at once.
 * @param cpus CPUs that it is bound to; undefined: those of this host.
 * @throws {CannotStart}
 */
export function launch(
  file: string,
  name: string,
  args: readonly string[],
  env: readonly string[],
  cwd: string,
  stdin: string | undefined,
  cpus: readonly number[] | undefined,
): Launched {
  const open: Open = { ours: [], theirs: [] }
  let isStarted = false
  try {
    const out = pipe(open)
    const err = pipe(open)
    const input = stdin === undefined ? none : memoryFile(stdin, open)
    prepare(input, out.write, err.write, cwd)
    const unbind = cpus && bind(cpus)
    const errno: number = libc.posixSpawn(pid, file, actions, attributes, [name, ...args, null], [...env, null])
    unbind?.()
    if (errno !== 0) throw new CannotStart(`${file} cannot be started: ${words.get(errno) ?? `error ${errno}`}`)
    isStarted = true
    return { pid: pid.readInt32LE(), stdout: out.read, stderr: err.read }
  } finally {
    for (const fd of open.theirs) libc.close(fd)
    if (!isStarted) for (const fd of open.ours) libc.close(fd)
  }
}

/** Descriptors that were opened for a program: `ours` stay open when it has been started. */
interface Open {
  readonly ours: number[]
  readonly theirs: number[]
}

/** Says what becomes of the descriptors and the directory between fork and exec. @param input descriptor, or `none`. */
function prepare(input: number, out: number, err: number, cwd: string): void {
  if (prepared?.input === input && prepared.out === out && prepared.err === err && prepared.cwd === cwd) return
  if (prepared) libc.actionsDestroy(actions)
  libc.actionsInit(actions)
  if (input === none) libc.actionsOpen(actions, 0, '/dev/null', 0, 0)
  else libc.actionsDup2(actions, input, 0)
  libc.actionsDup2(actions, out, 1)
  libc.actionsDup2(actions, err, 2)
  libc.actionsChdir(actions, cwd)
  libc.actionsClosefrom(actions, 3)
  prepared = { input, out, err, cwd }
}

/**
 * Binds this thread for a moment: what is started meanwhile stays bound, and needs no program such as taskset before it.
 * @returns what undoes it.
 * @throws {CannotStart} when this process may not use any of the CPUs.
 */
function bind(cpus: readonly number[]): () => void {
  const before = Buffer.alloc(maskBytes)
  libc.schedGetaffinity(0, maskBytes, before)
  const mask = Buffer.alloc(maskBytes)
  for (const cpu of cpus) mask.writeUInt8(mask.readUInt8(cpu >> 3) | (1 << (cpu & 7)), cpu >> 3)
  if (libc.schedSetaffinity(0, maskBytes, mask) !== 0)
    throw new CannotStart(`it cannot be bound to the CPUs ${cpus.join(', ')}: they may not be used`)
  return () => libc.schedSetaffinity(0, maskBytes, before)
}

function pipe(open: Open): { read: number; write: number } {
  if (libc.pipe2(ends, closeOnExec) !== 0) throw new CannotStart('no pipe could be made: this host has too many open files')
  const [read, write] = [ends.readInt32LE(0), ends.readInt32LE(4)]
  open.ours.push(read)
  open.theirs.push(write)
  return { read, write }
}

function memoryFile(text: string, open: Open): number {
  const fd: number = libc.memfdCreate('stdin', memfdCloseOnExec)
  if (fd < 0) throw new CannotStart('its standard input could not be prepared')
  open.theirs.push(fd)
  const bytes = Buffer.from(text)
  ftruncateSync(fd, bytes.length)
  // written at its place, so that the program begins to read at the start
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, at)
  return fd
}
