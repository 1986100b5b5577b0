import type { Lane } from './lane.js'

/** What is seen: a stretch of time, in ms since 1970. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** Bars of one row as pixels of one line: colours by number, and how much of each pixel is covered. */
export class Line {
  readonly cover: Float32Array
  readonly colour: Uint8Array
  /** Pixels at which a bar begins that is wide enough to be told from the one before. */
  readonly edges: number[] = []

  constructor(readonly width: number) {
    this.cover = new Float32Array(width)
    this.colour = new Uint8Array(width)
  }

  clear(): void {
    this.cover.fill(0)
    this.colour.fill(0)
    this.edges.length = 0
  }

  /** @param from and `to` in pixels. @param colour of what is more important when two share a pixel the larger one wins. */
  fill(from: number, to: number, colour: number): void {
    const left = Math.max(0, from)
    const right = Math.min(this.width, to)
    if (right <= left) return
    const first = Math.floor(left)
    const last = Math.min(this.width - 1, Math.ceil(right) - 1)
    if (first === last) return this.mix(first, right - left, colour)
    this.mix(first, first + 1 - left, colour)
    for (let x = first + 1; x < last; x++) {
      this.cover[x] = 1
      this.colour[x] = colour
    }
    this.mix(last, right - last, colour)
    // a failure in that pixel is seen, also without an edge behind it
    if (to - from >= 4 && from >= 0 && this.colour[first] === colour) this.edges.push(first)
  }

  private mix(x: number, part: number, colour: number): void {
    if (this.cover[x] === 0 || colour > this.colour[x]!) this.colour[x] = colour
    this.cover[x] = Math.min(1, this.cover[x]! + part)
  }
}

/** Which number a bar's colour has: larger ones are seen where bars share a pixel. */
export type ColourOf = (lane: Lane, at: number) => number

/**
 * Draws the bars of a row that are in the window. Costs as much as there are bars in it; the pixels are as many however many bars there are.
 * @returns how many bars were drawn.
 */
export function drawLine(line: Line, lane: Lane, { from, to }: Window, colourOf: ColourOf): number {
  line.clear()
  const scale = line.width / (to - from)
  const { start, end, length } = lane
  let at = lane.firstBehind(from)
  const first = at
  for (; at < length && start[at]! < to; at++) line.fill((start[at]! - from) * scale, (end[at]! - from) * scale, colourOf(lane, at))
  return at - first
}

/** How faint the least covered pixel is, so that a short bar is seen at all. */
const faintest = 0.35
const shades = 16

/** Colours in each shade between the ground and the full one, as pixels of an `ImageData`. */
export class Palette {
  private readonly pixels: Uint32Array

  /** @param ground and colours as `[red, green, blue]`. */
  constructor(ground: readonly number[], colours: readonly (readonly number[])[]) {
    this.pixels = new Uint32Array(colours.length * (shades + 1))
    colours.forEach((colour, at) => {
      for (let shade = 0; shade <= shades; shade++) {
        if (shade === 0) continue // nothing: what is below is seen
        const part = faintest + (1 - faintest) * (shade / shades)
        const [r = 0, g = 0, b = 0] = colour.map((value, channel) => Math.round((ground[channel] ?? 0) * (1 - part) + value * part))
        this.pixels[at * (shades + 1) + shade] = (255 << 24) | (b << 16) | (g << 8) | r
      }
    })
  }

  /** Writes a line into the pixels of an image, `at` its first. */
  write(line: Line, into: Uint32Array, at: number): void {
    const { width, cover, colour, edges } = line
    const { pixels } = this
    for (let x = 0; x < width; x++) {
      const part = cover[x]!
      into[at + x] = pixels[colour[x]! * (shades + 1) + (part === 0 ? 0 : 1 + Math.floor(part * (shades - 1)))]!
    }
    for (const x of edges) into[at + x] = pixels[colour[x]! * (shades + 1) + 3]!
  }
}

/** Steps between marks of a time axis, in s. */
const steps = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
]

/** Where a time axis has its marks: ms since 1970, `apart` pixels at least between two. */
export function marksOf({ from, to }: Window, width: number, apart: number): { readonly at: readonly number[]; readonly step: number } {
  const wanted = ((to - from) / 1000) * (apart / width)
  const step = (steps.find((one) => one >= wanted) ?? 86_400) * 1000
  const zone = new Date(from).getTimezoneOffset() * 60_000
  const at: number[] = []
  for (let mark = Math.ceil((from - zone) / step) * step + zone; mark < to; mark += step) at.push(mark)
  return { at, step }
}
