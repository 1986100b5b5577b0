import { colourOf, cssOf } from '../frame/theme.js'
import type { Bar, Lane } from './lane.js'
import { drawLine, Line, marksOf, Palette, type Window } from './paint.js'
import type { Rows, Running } from './rows.js'

export type ColourBy = 'kind' | 'outcome'
/** Kinds that have a colour of their own; the others share the last one. */
export const kindColours = 8
export const axisPx = 22

/** Numbers of colours: what is larger is seen where bars share a pixel, so that no failure is hidden by many successes. */
const [firstKind, succeeded, cancelled, working, failed] = [1, 1, 9, 10, 11]
const names = ['ground', ...Array.from({ length: kindColours }, (_, at) => `kind-${at}`), 'bar-cancelled', 'bar-working', 'bar-failed']

const clock = (ms: number, step: number) => {
  const [, day = '', time = ''] = /^(\S+) (\S+)/.exec(local.format(ms)) ?? []
  if (step >= 86_400_000) return day
  if (step >= 60_000) return time.slice(0, 5)
  return step >= 1000 ? time : `${time}.${String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, '0')}`
}
const local = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'medium' })

/** Draws rows of bars on a canvas. */
export class Chart {
  private readonly context: CanvasRenderingContext2D
  /** One line a row, which is stretched to the row's height. */
  private readonly lines = document.createElement('canvas')
  private image: ImageData | undefined
  private line = new Line(1)
  private palette: Palette | undefined
  private look = { ground: '', line: '', faint: '', onBar: '' }

  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly rows: Rows,
  ) {
    const context = canvas.getContext('2d')
    if (!context) throw new Error('this browser draws on no canvas')
    this.context = context
  }

  /** Colours of the style sheet; to be called when these change. @param by what tells bars apart. */
  paintBy(by: ColourBy): void {
    const channels = names.map(colourOf)
    if (by === 'outcome') channels[succeeded] = colourOf('bar-succeeded')
    this.palette = new Palette(channels[0]!, channels)
    this.look = {
      ground: cssOf(channels[0]!),
      line: cssOf(colourOf('line')),
      faint: cssOf(colourOf('faint')),
      onBar: cssOf(colourOf('ground')),
    }
  }

  /** @param rowPx height of a row. @param now ms since 1970, up to which what runs is drawn. @returns how many bars were drawn. */
  draw(seen: Window, by: ColourBy, rowPx: number, now: number): number {
    const { canvas, context, rows } = this
    const ratio = devicePixelRatio
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round((rows.lanes.length * rowPx + axisPx) * ratio)]
    if (width === 0 || !this.palette) return 0
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height]
    const count = rows.lanes.length
    if (this.image?.width !== width || this.image.height !== count) {
      this.image = new ImageData(width, Math.max(1, count))
      ;[this.lines.width, this.lines.height] = [width, Math.max(1, count)]
      this.line = new Line(width)
    }
    const pixels = new Uint32Array(this.image.data.buffer)
    const scale = width / (seen.to - seen.from)
    const colour = by === 'kind' ? byKind : byOutcome
    let drawn = 0
    rows.lanes.forEach((lane, row) => {
      drawn += drawLine(this.line, lane, seen, colour)
      const running = rows.runningIn(row)
      if (running) this.line.fill((running.since - seen.from) * scale, (now - seen.from) * scale, working)
      this.palette?.write(this.line, pixels, row * width)
    })
    this.lines.getContext('2d')?.putImageData(this.image, 0, 0)
    context.imageSmoothingEnabled = false
    context.fillStyle = this.look.ground
    context.fillRect(0, 0, width, height)
    const rowHeight = rowPx * ratio
    this.drawAxis(seen, count * rowHeight, ratio)
    context.drawImage(this.lines, 0, 0, width, count, 0, 0, width, count * rowHeight)
    context.fillStyle = this.look.ground
    for (let row = 0; row < count; row++) context.fillRect(0, Math.round((row + 1) * rowHeight - ratio * 2), width, Math.round(ratio * 2))
    if (rowPx >= 16) rows.lanes.forEach((lane, row) => this.writeNames(lane, row, seen, rowHeight, ratio))
    return drawn
  }

  /** Names of bars that have room for them. */
  private writeNames(lane: Lane, row: number, seen: Window, rowHeight: number, ratio: number): void {
    const { context, canvas } = this
    const scale = canvas.width / (seen.to - seen.from)
    context.font = `${11 * ratio}px system-ui, sans-serif`
    context.textBaseline = 'middle'
    context.fillStyle = this.look.onBar
    const from = lane.firstBehind(seen.from)
    for (let at = from; at < lane.length && lane.start[at]! < seen.to && at - from < 60; at++) {
      const left = Math.max(0, (lane.start[at]! - seen.from) * scale)
      const room = Math.min(canvas.width, (lane.end[at]! - seen.from) * scale) - left - 8 * ratio
      if (room < 40 * ratio) continue
      const { name, n } = lane.at(at)
      const text = n > 1 ? `${n} × ${name.replace(/-\d+$/, '')}` : name
      const fits = Math.floor(room / (6.2 * ratio))
      context.fillText(text.length > fits ? `${text.slice(0, fits - 1)}…` : text, left + 4 * ratio, (row + 0.5) * rowHeight - ratio)
    }
  }

  private drawAxis(seen: Window, top: number, ratio: number): void {
    const { context, canvas } = this
    const { at, step } = marksOf(seen, canvas.width / ratio, 90)
    context.font = `${11 * ratio}px system-ui, sans-serif`
    context.textBaseline = 'top'
    for (const mark of at) {
      const x = Math.round(((mark - seen.from) / (seen.to - seen.from)) * canvas.width)
      context.fillStyle = this.look.line
      context.fillRect(x, 0, Math.max(1, Math.round(ratio / 2)), top + 4 * ratio)
      context.fillStyle = this.look.faint
      if (x < canvas.width - 60 * ratio) context.fillText(clock(mark, step), x + 3 * ratio, top + 5 * ratio)
    }
  }

  /** What is at a point of the canvas, in CSS pixels. */
  at(
    x: number,
    y: number,
    seen: Window,
    rowPx: number,
  ): { readonly row: number; readonly bar?: Bar; readonly running?: Running } | undefined {
    const row = Math.floor(y / rowPx)
    const lane = this.rows.lanes[row]
    if (!lane) return undefined
    const perPx = (seen.to - seen.from) / this.canvas.clientWidth
    const time = seen.from + x * perPx
    // what is narrower than a pixel is hit by the pixels beside it, too
    const found = lane.firstBehind(time - 2 * perPx)
    const running = this.rows.runningIn(row)
    if (found < lane.length && lane.start[found]! <= time + 2 * perPx) {
      const next = found + 1
      const isNext = lane.end[found]! < time && next < lane.length && lane.start[next]! <= time
      return { row, bar: lane.at(isNext ? next : found) }
    }
    return running && running.since <= time ? { row, running } : { row }
  }
}

const byKind = (lane: Lane, at: number) =>
  lane.outcome[at] === 0 ? firstKind + Math.min(lane.kind[at]!, kindColours - 1) : lane.outcome[at] === 1 ? failed : cancelled
const byOutcome = (lane: Lane, at: number) => (lane.outcome[at] === 0 ? succeeded : lane.outcome[at] === 1 ? failed : cancelled)
