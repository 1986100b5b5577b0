import koffi from 'koffi'

const libc = koffi.load('libc.so.6')
const mmap = libc.func('void *mmap(void *address, size_t length, int protection, int flags, int fd, long offset)')
const flock = libc.func('int flock(int fd, int operation)')
const operations = { take: 2 | 4, release: 8 } // LOCK_EX | LOCK_NB, LOCK_UN

/** A mapped file as bytes; it stays mapped until the process ends. @throws Error when it cannot be mapped. */
export function mapShared(fd: number, bytes: number): ArrayBuffer {
  const readWrite = 1 | 2
  const shared = 1
  const address: unknown = mmap(null, bytes, readWrite, shared, fd, 0)
  if (koffi.address(address as never) === 0xffff_ffff_ffff_ffffn) throw new Error('mmap refused')
  return koffi.view(address as never, bytes)
}

/** Takes the lock of an open file, if nobody else holds it. The kernel gives it back when its holder dies. @returns whether it was taken. */
export const tryLock = (fd: number): boolean => flock(fd, operations.take) === 0

export function unlock(fd: number): void {
  flock(fd, operations.release)
}
