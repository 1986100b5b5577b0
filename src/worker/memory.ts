import { openSync, readSync } from 'node:fs'
import { ownMiB } from '../processes.js'
import { company } from './company.js'
import * as libc from './libc.js'

const statm = openSync('/proc/self/statm', 'r')
const text = Buffer.alloc(256)
/** Between two looks. */
const lookMs = 20
let lookedAt = -Infinity
const pageMiB = (libc.getpagesize() as number) / 2 ** 20

/** MiB that a row has declared for itself; 0 when it has not. */
export function limitOf(attributes: Readonly<Record<string, unknown>> | undefined): number {
  const memory = attributes?.['memory']
  return typeof memory === 'number' && memory > 0 ? memory : 0
}

/** MiB that this process, and what an earlier row left running, hold for themselves: none of it is the next row's. */
export function baseMiB(): number {
  const others = company()
  const [, resident = 0, shared = 0] = text
    .toString('latin1', 0, readSync(statm, text, 0, text.length, 0))
    .split(' ')
    .map(Number)
  return (resident - shared) * pageMiB + (others.length === 0 ? 0 : ownMiB(others, 0))
}

/** Whether all that is more than so many MiB, as far as a look every 20 ms tells. @param now as the clock of `performance` says. */
export function hasOutgrown(mostMiB: number, now: number): boolean {
  if (now - lookedAt < lookMs) return false
  lookedAt = now
  return baseMiB() > mostMiB
}
