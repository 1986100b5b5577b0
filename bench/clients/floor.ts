import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../part.ts'
import { Client } from './child.ts'

/** Has `act` talk to a server of bench/floor, which is ended with what it kept. @param keeps whether it is given a file to keep things in. */
export async function withFloor<T>(
  { dir }: Pick<Bench, 'dir'>,
  script: string,
  act: (url: string) => Promise<T>,
  keeps = true,
): Promise<T> {
  const file = join(dir, 'floor.db')
  const floor = await Client.start(`../floor/${script}`, ...(keeps ? [file] : []))
  try {
    return await act(String(floor.said))
  } finally {
    floor.end()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  }
}
