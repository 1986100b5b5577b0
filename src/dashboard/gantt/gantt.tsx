import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useShortcuts } from '../frame/keys.js'
import { earlier, hasEarlier } from '../frame/live.js'
import { amend, go, place, to } from '../frame/router.js'
import { isDark } from '../frame/theme.js'
import { duration, plural } from '../parts/text.js'
import { Chart, kindColours, type ColourBy } from './chart.js'
import { download, traceOf } from './export.js'
import type { Window } from './paint.js'
import { retried, rowName, titleOf, type Rows } from './rows.js'
import { Tip, type Pointed } from './tip.js'

const drawMs = 100
const [leastSpan, mostSpan] = [0.05, 7 * 86_400]
const spans = [10, 60, 300, 3600]
/** Entries of the log that are loaded at a time when somebody looks further back. */
const chunk = 50_000

/** As high as there is room for. */
const rowPxOf = (rows: number) => (rows <= 16 ? 26 : rows <= 40 ? 18 : 12)

/** What is seen, as the address has it: a span in s, and its end in ms since 1970; without that it goes on with the time. */
const seenNow = (): { readonly span: number; readonly until: number | undefined } => {
  const { span, until } = place.value.query
  return { span: Math.min(mostSpan, Math.max(leastSpan, Number(span) || 60)), until: Number(until) || undefined }
}
const windowNow = (): Window => {
  const { span, until = Date.now() } = seenNow()
  return { from: until - span * 1000, to: until }
}

/** Who worked when: a row a core, live, over all that was. @param version of the rows: what is beside the canvas is drawn anew with it. */
export function Gantt({ rows, version }: { readonly rows: Rows; readonly version: number }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [pointed, point] = useState<Pointed>()
  const [loading, setLoading] = useState('')
  const { span, until } = seenNow()
  const by: ColourBy = place.value.query['by'] === 'outcome' ? 'outcome' : 'kind'
  const rowPx = rowPxOf(rows.lanes.length)
  const chart = useMemo<{ it?: Chart; frame?: number; isLoading?: boolean }>(() => ({}), [])

  const draw = () => {
    if (!canvas.current) return
    if (chart.it?.canvas !== canvas.current) {
      chart.it = new Chart(canvas.current, rows)
      chart.it.paintBy(by)
    }
    chart.it.draw(windowNow(), by, rowPxOf(rows.lanes.length), Date.now())
  }
  const soon = () => {
    chart.frame ??= requestAnimationFrame(() => {
      delete chart.frame
      draw()
    })
  }
  useEffect(() => {
    chart.it?.paintBy(by)
    soon()
  }, [by, isDark.value])
  useEffect(() => {
    let drawn = -1
    const timer = setInterval(() => {
      const moves = seenNow().until === undefined || rows.running.size > 0
      if (document.hidden || (!moves && drawn === rows.version)) return
      drawn = rows.version
      soon()
    }, drawMs)
    const observer = new ResizeObserver(soon)
    if (canvas.current) observer.observe(canvas.current)
    return () => {
      clearInterval(timer)
      observer.disconnect()
    }
  }, [rows])

  /** @param ends undefined: it goes on with the time. */
  const see = (nextSpan: number, ends: number | undefined) => {
    const kept = Math.min(mostSpan, Math.max(leastSpan, nextSpan))
    amend({ span: Number(kept.toPrecision(4)), until: ends === undefined || ends > Date.now() ? undefined : Math.round(ends) })
    soon()
    const { from } = windowNow()
    if (from < (rows.oldest ?? Infinity) && hasEarlier()) void load()
  }
  /** @param around 0…1 of the width, which stays where it is. */
  const zoom = (factor: number, around = 1) => {
    const { from, to: end } = windowNow()
    const next = Math.min(mostSpan * 1000, Math.max(leastSpan * 1000, (end - from) * factor))
    const fixed = from + (end - from) * around
    see(next / 1000, around === 1 && until === undefined ? undefined : fixed + next * (1 - around))
  }
  const pan = (part: number) => {
    const { from, to: end } = windowNow()
    see((end - from) / 1000, end + (end - from) * part)
  }
  const load = async () => {
    if (chart.isLoading) return
    chart.isLoading = true
    setLoading('Loading what was before…')
    const older = rows.empty()
    const events = await earlier(chunk, AbortSignal.timeout(20_000)).catch(() => [])
    older.hear(events)
    rows.prepend(older)
    setLoading('')
    chart.isLoading = false
    soon()
  }
  useShortcuts('Cores', [
    { key: '+', does: 'See less time, larger', act: () => zoom(0.5) },
    { key: '-', does: 'See more time', act: () => zoom(2) },
    { key: '[', does: 'Earlier', act: () => pan(-0.5) },
    { key: ']', does: 'Later', act: () => pan(0.5) },
    { key: '0', does: 'Now, live', act: () => see(span, undefined) },
  ])
  usePointer(canvas, { zoom, pan, point: (x, y) => point(locate(chart.it, x, y, rowPxOf(rows.lanes.length))), open })

  return (
    <div class="gantt">
      <div class="tools">
        <span class="buttons" role="group" aria-label="Time">
          <button type="button" aria-pressed={until === undefined} onClick={() => see(span, undefined)}>
            Live
          </button>
          {spans.map((one) => (
            <button key={one} type="button" aria-pressed={span === one} onClick={() => see(one, until)}>
              {duration(one).replace(/ 0 .*/, '')}
            </button>
          ))}
          <button type="button" aria-label="Earlier" onClick={() => pan(-0.5)}>
            ◀
          </button>
          <button type="button" aria-label="Later" disabled={until === undefined} onClick={() => pan(0.5)}>
            ▶
          </button>
          <button type="button" aria-label="See more time" onClick={() => zoom(2)}>
            −
          </button>
          <button type="button" aria-label="See less time" onClick={() => zoom(0.5)}>
            +
          </button>
        </span>
        <span class="buttons" role="group" aria-label="Colour by">
          {(['kind', 'outcome'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={by === one} onClick={() => amend({ by: one === 'kind' ? undefined : one })}>
              by {one}
            </button>
          ))}
        </span>
        <Key by={by} kinds={[...rows.kinds.all]} />
        <span class="buttons end" role="group" aria-label="Export">
          <button type="button" onClick={() => canvas.current?.toBlob((blob) => blob && download('taylord-cores.png', blob))}>
            PNG
          </button>
          <button
            type="button"
            title="Chrome's trace format, for Perfetto"
            onClick={() => download('taylord-trace.json', new Blob([traceOf(rows, windowNow())], { type: 'application/json' }))}
          >
            Trace
          </button>
        </span>
        <span class="faint" role="status">
          {loading}
        </span>
      </div>
      <div class="lanes">
        <Labels rows={rows} rowPx={rowPx} version={version} />
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label={`${plural(rows.lanes.length, 'row')}, one a core: what ran in the last ${duration(span)}. Keys + and − zoom, [ and ] go back and on.`}
          style={{ height: `${rows.lanes.length * rowPx + 22}px` }}
        />
        {pointed && <Tip {...pointed} />}
      </div>
    </div>
  )

  function open(x: number, y: number): void {
    const found = locate(chart.it, x, y, rowPx)
    const [boss, id] = [found?.bar?.boss ?? found?.running?.boss, found?.bar?.first ?? found?.running?.instruction]
    if (boss !== undefined && id !== undefined) go(['bosses', boss, 'instructions', id])
  }
}

function locate(chart: Chart | undefined, x: number, y: number, rowPx: number): Pointed | undefined {
  const found = x < 0 ? undefined : chart?.at(x, y, windowNow(), rowPx)
  return found && (found.bar || found.running) ? { x: x + (chart?.canvas.offsetLeft ?? 0), y, ...found } : undefined
}

/** Who works in each row now, with a link there. */
function Labels({ rows, rowPx }: { readonly rows: Rows; readonly rowPx: number; readonly version: number }) {
  return (
    <ol class={rowPx < 16 ? 'labels small' : 'labels'}>
      {rows.lanes.map((_, row) => {
        const core = rows.coreOf(row)
        const running = rows.runningIn(row)
        return (
          <li key={row} style={{ height: `${rowPx}px` }}>
            <span class="core" title={running && !running.isBound ? 'It may run on any core.' : undefined}>
              {rowName(row, core)}
              {running && !running.isBound ? '*' : ''}
            </span>
            {running ? (
              <a class="clip" href={to(['bosses', running.boss, 'instructions', running.instruction])}>
                <span aria-hidden="true">▶</span> {titleOf(running)}
              </a>
            ) : (
              <span class="idle">
                <span aria-hidden="true">○</span> idle
              </span>
            )}
          </li>
        )
      })}
    </ol>
  )
}

/** What the colours stand for. */
function Key({ by, kinds }: { readonly by: ColourBy; readonly kinds: readonly string[] }) {
  const shown = kinds.slice(0, kindColours - 1)
  const entries =
    by === 'outcome'
      ? [['succeeded', 'bg-succeeded']]
      : shown.map((kind, at) => [kind, `bg-kind-${at}`]).filter(([kind]) => kind !== retried)
  if (by === 'kind' && kinds.length > shown.length) entries.push(['others', `bg-kind-${kindColours - 1}`])
  return (
    <ul class="key" aria-label="Colours">
      {[...entries, ['failed', 'bg-failed'], ['cancelled', 'bg-cancelled'], ['runs now', 'bg-working']].map(([word, colour]) => (
        <li key={word}>
          <span class={`swatch ${colour}`} aria-hidden="true" /> {word}
        </li>
      ))}
    </ul>
  )
}

interface Hands {
  readonly zoom: (factor: number, around: number) => void
  readonly pan: (part: number) => void
  readonly point: (x: number, y: number) => void
  readonly open: (x: number, y: number) => void
}

/** Drag to pan, wheel with Ctrl to zoom and with Shift to pan (alone it scrolls the page), click to open, hover to point. */
function usePointer(canvas: { readonly current: HTMLCanvasElement | null }, hands: Hands): void {
  const latest = useRef(hands)
  latest.current = hands
  useEffect(() => {
    const it = canvas.current
    if (!it) return
    const stop = new AbortController()
    let down: { readonly x: number; moved: boolean } | undefined
    const on = <K extends keyof HTMLElementEventMap>(type: K, hear: (event: HTMLElementEventMap[K]) => void) =>
      it.addEventListener(type, hear, { signal: stop.signal, passive: false })
    on('wheel', (event) => {
      if (!event.ctrlKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return
      event.preventDefault()
      const moved = event.deltaX || event.deltaY
      if (event.ctrlKey) latest.current.zoom(1.002 ** event.deltaY, event.offsetX / it.clientWidth)
      else latest.current.pan(moved / it.clientWidth)
    })
    on('pointerdown', ({ offsetX, pointerId }) => {
      down = { x: offsetX, moved: false }
      it.setPointerCapture(pointerId)
    })
    on('pointermove', ({ offsetX, offsetY }) => {
      if (!down) return latest.current.point(offsetX, offsetY)
      if (!down.moved && Math.abs(offsetX - down.x) < 4) return
      latest.current.pan((down.x - offsetX) / it.clientWidth)
      down = { x: offsetX, moved: true }
    })
    on('pointerup', ({ offsetX, offsetY }) => {
      if (down && !down.moved) latest.current.open(offsetX, offsetY)
      down = undefined
    })
    on('pointerleave', () => latest.current.point(-1, -1))
    return () => stop.abort()
  }, [])
}
