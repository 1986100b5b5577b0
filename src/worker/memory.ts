import { openSync, readSync } from 'node:fs'
import { ownMiB } from '../processes.js'
import { company, mayHaveCompany } from './company.js'
import * as libc from './libc.js'

const statm = openSync('/proc/self/statm', 'r')
const status = openSync('/proc/self/status', 'r')
const text = Buffer.alloc(8192)
/** KiB that `getrusage` counts from: a process begins with what the one that started it had. */
const inheritedKiB = process.resourceUsage().maxRSS
let peak = 0
let peakAt = -Infinity
/** Between two looks. */
const lookMs = 20
let lookedAt = -Infinity
const peakName = '\nVmHWM:'
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

/**
 * The most that this process has held so far, in MiB.
 * @param countedKiB what `getrusage` tells by now. @param now as the clock of `performance` says. @param within ms for which the last answer holds.
 */
export function peakMiB(countedKiB: number, now: number, within: number): number {
  if (now - peakAt < within) return peak
  peakAt = now
  peak = Math.round((countedKiB > inheritedKiB ? countedKiB : ownPeakKiB()) / 102.4) / 10
  return peak
}

function ownPeakKiB(): number {
  const lines = text.toString('latin1', 0, readSync(status, text, 0, text.length, 0))
  const at = lines.indexOf(peakName)
  return at < 0 ? inheritedKiB : Number.parseInt(lines.slice(at + peakName.length))
}

/**
 * Whether it holds more than so many MiB with what rows left running, as far as a look every 20 ms tells.
 * @param now as the clock of `performance` says. The peak counts as it was when it was asked for last.
 */
export function hasOutgrown(mostMiB: number, now: number): boolean {
  if (now - lookedAt < lookMs) return false
  lookedAt = now
  return (peak > mostMiB || mayHaveCompany()) && baseMiB() > mostMiB
}
