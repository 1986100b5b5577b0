let second = 0
let prefix = ''

/** A moment as RFC 3339 text, UTC; the text of the second is kept, for a report is made every few microseconds. @param ms since 1970. */
export function timeText(ms: number): string {
  const whole = Math.floor(ms / 1000)
  if (whole !== second || prefix === '') {
    second = whole
    prefix = new Date(whole * 1000).toISOString().slice(0, 20)
  }
  return `${prefix}${String(Math.floor(ms - whole * 1000)).padStart(3, '0')}Z`
}
