import { useEffect, useRef, useState } from 'preact/hooks'
import type { Instruction } from '../../client/client.js'
import { to } from '../frame/router.js'
import { may } from '../frame/session.js'
import { Status } from '../parts/status.js'
import { count, duration, memory, time } from '../parts/text.js'
import type { Pages } from './pages.js'

const rowPx = 28
/** A browser knows no larger heights: beyond, a step of the scroll bar is more than one row. */
const mostPx = 8_000_000
const refreshMs = 2_000

const columns = [
  ['', 32],
  ['Id', 76],
  ['Status', 110],
  ['Name', 220],
  ['Kind', 120],
  ['Why', 90],
  ['Tries', 56],
  ['Took', 90],
  ['Memory', 90],
  ['Cores', 56],
  ['Priority', 70],
  ['Ended', 150],
] as const
const width = columns.reduce((sum, [, px]) => sum + px, 0)

/** Which rows are chosen: some by id, or all that match. */
export type Chosen = ReadonlySet<number> | 'all'

/** Rows of a list of any length, of which only those that are seen are there. */
export function Table({
  boss,
  pages,
  chosen,
  choose,
  at,
}: {
  readonly boss: string
  readonly pages: Pages
  readonly chosen: Chosen
  readonly choose: (chosen: Chosen) => void
  /** a row to show; -1 for none */
  readonly at: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(480)
  void pages.version.value
  const natural = pages.length * rowPx
  const total = Math.min(mostPx, natural)
  const seen = Math.ceil(height / rowPx)
  // of what can be scrolled the same part is passed as of the rows
  const part = total > height ? top / (total - height) : 0
  const first = Math.max(0, Math.floor((part * Math.max(0, natural - height)) / rowPx))
  const shown = Array.from({ length: Math.max(0, Math.min(pages.length - first, seen + 2)) }, (_, row) => first + row)
  const shift = natural > mostPx ? top : first * rowPx

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 480))
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const timer = setInterval(() => document.hidden || pages.refresh(first, first + seen), refreshMs)
    return () => clearInterval(timer)
  }, [pages, first, seen])
  // what follows is read when its place comes into sight
  useEffect(() => {
    if (pages.isOpen && first + seen + 10 >= pages.length) pages.row(pages.length)
  }, [pages, first, seen, pages.length])
  useEffect(() => {
    if (at < 0 || !box.current) return
    box.current.scrollTop = natural <= height ? 0 : ((at * rowPx) / (natural - height)) * (total - height)
  }, [at])

  // who goes on with the keyboard from a row that is no longer there goes on from the list
  const held = useRef<Element>(null)
  useEffect(() => {
    if (held.current?.isConnected === false && document.activeElement === document.body) box.current?.focus({ preventScroll: true })
  })

  const isChosen = (id: number) => chosen === 'all' || chosen.has(id)
  const toggle = (id: number) => {
    const next = new Set(chosen === 'all' ? [] : chosen)
    if (!next.delete(id)) next.add(id)
    choose(next)
  }
  return (
    <div
      class="virtual"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label="Instructions"
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
      onFocusIn={({ target }) => void (held.current = target as Element)}
    >
      <div class="sizer" style={{ height: `${total + rowPx}px`, minWidth: `${width}px` }}>
        <table style={{ width: `${width}px`, top: `${shift}px` }} aria-rowcount={pages.isOpen ? -1 : pages.length + 1}>
          <colgroup>
            {columns.map(([name, px]) => (
              <col key={name} style={{ width: `${px}px` }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(([name]) => (
                <th key={name} scope="col">
                  {name === '' ? <span class="hidden">Chosen</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((index) => (
              <Row key={index} index={index} boss={boss} of={pages.row(index)} isChosen={isChosen} toggle={toggle} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function Row({
  index,
  boss,
  of,
  isChosen,
  toggle,
}: {
  readonly index: number
  readonly boss: string
  readonly of: Instruction | undefined
  readonly isChosen: (id: number) => boolean
  readonly toggle: (id: number) => void
}) {
  if (!of)
    return (
      <tr aria-rowindex={index + 2}>
        <td />
        <td class="faint">{count(index + 1)}</td>
        <td colSpan={columns.length - 2} class="faint">
          …
        </td>
      </tr>
    )
  const { id, name, kind, status, attempts, cores, priority } = of
  const last = attempts.at(-1)
  const usage = last?.usage
  return (
    <tr aria-rowindex={index + 2}>
      <td>{may('submit') && <input type="checkbox" checked={isChosen(id)} onChange={() => toggle(id)} aria-label={`Choose ${name}`} />}</td>
      <td>{id}</td>
      <td>
        <Status is={status} title={of.waiting_for} />
      </td>
      <th scope="row">
        <a href={to(['bosses', boss, 'instructions', id])}>{name}</a>
      </th>
      <td>{kind}</td>
      <td>{status === 'pending' ? '' : (last?.cause ?? '')}</td>
      <td>{attempts.length}</td>
      <td>{usage ? duration(usage.wall) : ''}</td>
      <td>{usage?.max_rss == null ? '' : memory(usage.max_rss)}</td>
      <td>{cores}</td>
      <td>{priority}</td>
      <td>{last?.finished_at === undefined ? '' : time(last.finished_at)}</td>
    </tr>
  )
}
