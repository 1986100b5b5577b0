/** How numbers, times and sizes are written. */

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
const day = new Intl.DateTimeFormat('sv', { dateStyle: 'short' })

/** `1,234,567` */
export const count = (n: number) => grouped.format(n)

/** `0.002`, `0.4`, `12`, `3,400` a second, or whatever. */
export const rate = (n: number) => (n === 0 ? '0' : n < 0.1 ? String(Number(n.toPrecision(1))) : n < 10 ? n.toFixed(1) : grouped.format(n))

/** s as `12 ms`, `3.2 s`, `4 min 5 s`, `2 h 3 min`, `5 d 4 h`. */
export function duration(seconds: number): string {
  if (seconds < 0.0005) return '0 ms'
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`
}

/** MiB as `12 MiB`, `3.4 GiB`. */
export const memory = (mib: number) =>
  mib < 1024 ? `${mib < 10 && mib > 0 ? mib.toFixed(1) : Math.round(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`

/** Bytes as `12 B`, `3.4 KiB`, `5.6 MiB`. */
export function bytes(n: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let at = 0
  for (; n >= 1024 && at < units.length - 1; at++) n /= 1024
  return `${at === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)} ${units[at]}`
}

const dateOf = (time: string | number) => new Date(time)

/** Time of day; with the day where that is another one. */
export function time(at: string | number): string {
  const date = dateOf(at)
  return day.format(date) === day.format(new Date()) ? clock.format(date) : `${day.format(date)} ${clock.format(date)}`
}

/** How long ago, as in `3 min 5 s ago`. */
export const ago = (at: string | number, now = Date.now()) => `${duration(Math.max(0, (now - dateOf(at).getTime()) / 1000))} ago`

/** `1 instruction`, `2 instructions`. */
export const plural = (n: number, noun: string) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`

const causes: Readonly<Record<string, string>> = {
  exception: 'threw an exception',
  exit: 'exited with an error',
  signal: 'was ended by a signal',
  oom: 'took too much memory',
  timeout: 'took too long',
  lost: 'was lost with its worker',
  start: 'could not start',
}
/** Why something failed, as the end of a sentence: `took too long`. */
export const became = (cause: string) => causes[cause] ?? cause
