import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import koffi from 'koffi'
import { UnusableDatabase } from './unusable.js'

const exclusiveNow = 2 | 4 // LOCK_EX | LOCK_NB

/**
 * One daemon a file: takes `FILE.lock`, which the kernel gives back however the daemon ends.
 * @returns what gives it back.
 * @throws {UnusableDatabase} that names the holder.
 */
export function lock(file: string): () => void {
  const path = `${file}.lock`
  const fd = openSync(path, 'a+', 0o600)
  const flock = koffi.load('libc.so.6').func('int flock(int fd, int operation)')
  if (flock(fd, exclusiveNow) !== 0) {
    const holder = readFileSync(path, 'utf8').trim() || 'another daemon'
    closeSync(fd)
    throw new UnusableDatabase(`${file} is held by ${holder}; stop that one first, or start with another --data directory`)
  }
  ftruncateSync(fd)
  writeSync(fd, `taylord with pid ${process.pid} on ${hostname()} since ${new Date().toISOString()}\n`)
  return () => closeSync(fd)
}
