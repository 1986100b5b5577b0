import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { colourOf, cssOf, isDark } from '../frame/theme.js'

/** A line of a chart. */
export interface Curve {
  readonly name: string
  /** of the style sheet */
  readonly colour: string
  /** how its line is told from others without colour */
  readonly dash?: readonly number[]
  readonly values: readonly (number | null)[]
}

const height = 130

/** A chart over time. What it shows last stands beside its title as text. */
export function Plot({
  title,
  last,
  from,
  curves,
  write,
}: {
  readonly title: string
  readonly last: string
  /** s since 1970 of the first value; the others follow each second */
  readonly from: number
  readonly curves: readonly Curve[]
  readonly write: (value: number) => string
}) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = dataOf(from, curves)
  useEffect(() => {
    const it = box.current
    if (!it) return
    const [faint, line] = [cssOf(colourOf('faint')), cssOf(colourOf('line'))]
    const axis = { stroke: faint, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: '11px system-ui' }
    plot.current = new uPlot(
      {
        width: it.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        series: [
          {},
          ...curves.map(({ name, colour, dash }) => ({
            label: name,
            stroke: cssOf(colourOf(colour)),
            width: 1.5,
            ...(dash && { dash: [...dash] }),
          })),
        ],
        scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.15 : 1] } },
        axes: [
          { ...axis, size: 24, space: 80, values: (_plot, at) => at.map((second) => clock.format(second * 1000)) },
          { ...axis, size: 66, space: 28, values: (_plot, at) => at.map(write) },
        ],
      },
      dataOf(from, curves),
      it,
    )
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: it.clientWidth, height }))
    observer.observe(it)
    return () => {
      observer.disconnect()
      plot.current?.destroy()
    }
  }, [isDark.value, curves.length])
  useEffect(() => plot.current?.setData(data))
  return (
    <figure class="plot">
      <figcaption>
        <b>{title}</b> <span class="faint">{last}</span>
        {curves.length > 1 &&
          curves.map(({ name, colour, dash }) => (
            <span key={name} class="curve">
              <svg width="18" height="8" aria-hidden="true">
                <line x1="0" y1="4" x2="18" y2="4" class={`stroke-${colour}`} stroke-width="2" stroke-dasharray={dash?.join(' ')} />
              </svg>
              {name}
            </span>
          ))}
      </figcaption>
      <div ref={box} role="img" aria-label={`${title}: ${last}`} />
    </figure>
  )
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })

const dataOf = (from: number, curves: readonly Curve[]): uPlot.AlignedData => [
  Array.from({ length: curves[0]?.values.length ?? 0 }, (_, at) => from + at),
  ...curves.map(({ values }) => [...values]),
]
