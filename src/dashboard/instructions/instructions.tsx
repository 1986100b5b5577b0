import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { bodyOf, type Boss } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { useShortcuts } from '../frame/keys.js'
import { amend, go, to } from '../frame/router.js'
import { may } from '../frame/session.js'
import { states, totalOf } from '../parts/progress.js'
import { nameOf } from '../parts/signals.js'
import { Empty, Fault, Shown } from '../parts/states.js'
import { count } from '../parts/text.js'
import type { ViewProps } from '../views.js'
import { Orders } from './orders.js'
import { filterOf, isNarrow, Pages, type Filter } from './pages.js'
import { Table, type Chosen } from './table.js'

const causes = ['exception', 'exit', 'signal', 'oom', 'timeout', 'lost', 'start', 'requested', 'stopped', 'expired']
const none: Chosen = new Set<number>()

/** Instructions without a Boss in the address: those of the newest. */
export function NewestInstructions() {
  const asked = useAsked('newest', ({ api }, signal) =>
    bodyOf(api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: 1 } }, signal })),
  )
  const newest = asked.value.value?.items[0]
  useEffect(() => {
    if (newest) location.replace(to(['bosses', newest.id, 'instructions']))
  }, [newest?.id])
  return (
    <Shown asked={asked}>
      {({ items }) =>
        items.length > 0 ? null : (
          <Empty>
            There is no Boss yet, and so no instruction. <a href={to(['compose'])}>Compose some</a>.
          </Empty>
        )
      }
    </Shown>
  )
}

/** The instructions of a Boss, however many: what matches, and what can be done to it. */
export function InstructionsView({ place: { path, query } }: ViewProps) {
  const [, ref = ''] = path
  const asked = useAsked(`boss ${ref}`, (client) => client.boss(ref), 1_000)
  return (
    <section class="view">
      <Shown asked={asked}>{(boss) => <OfBoss boss={boss} filter={filterOf(query)} />}</Shown>
    </section>
  )
}

function OfBoss({ boss, filter }: { readonly boss: Boss; readonly filter: Filter }) {
  const key = JSON.stringify([boss.id, filter])
  const pages = useMemo(() => new Pages(String(boss.id), filter), [key])
  useEffect(() => () => pages.close(), [pages])
  const [chosen, choose] = useState<Chosen>(none)
  const [at, setAt] = useState(-1)
  useEffect(() => choose(none), [key])
  pages.know(totalOf(boss.counts))
  void pages.version.value
  const n = pages.length
  return (
    <>
      <h1>
        Instructions of <BossChoice boss={boss} />
        <span class="faint count" role="status">
          {pages.isOpen ? `${count(n)} or more` : count(n)}
          {isNarrow(filter) ? ' match' : ''}
        </span>
      </h1>
      <div class="tools">
        <Filters filter={filter} />
        <span class="end buttons">
          {!isNarrow(filter) && <GoTo go={(id) => setAt(id - 1)} />}
          {may('submit') && (
            <button type="button" aria-pressed={chosen === 'all'} onClick={() => choose(chosen === 'all' ? none : 'all')}>
              Choose all that match
            </button>
          )}
          <Orders
            boss={boss}
            filter={filter}
            chosen={chosen}
            done={() => {
              choose(none)
              pages.refresh(0, 100)
            }}
          />
        </span>
      </div>
      {pages.fault.value !== '' && <Fault text={pages.fault.value} again={() => pages.refresh(0, 50)} />}
      {n === 0 && !pages.isOpen ? (
        <Empty>{isNarrow(filter) ? 'Nothing matches.' : 'This Boss was given nothing yet.'}</Empty>
      ) : (
        <Table boss={String(boss.id)} pages={pages} chosen={chosen} choose={choose} at={at} />
      )}
    </>
  )
}

/** The Boss whose instructions are shown, and the newest others. */
function BossChoice({ boss }: { readonly boss: Boss }) {
  const asked = useAsked('bosses', ({ api }, signal) =>
    bodyOf(api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: 100 } }, signal })),
  )
  const others = (asked.value.value?.items ?? []).filter(({ id }) => id !== boss.id)
  return (
    <select aria-label="Boss" value={boss.id} onChange={({ currentTarget }) => go(['bosses', currentTarget.value, 'instructions'])}>
      {[boss, ...others].map((one) => (
        <option key={one.id} value={one.id}>
          {nameOf(one)} ({one.id})
        </option>
      ))}
    </select>
  )
}

/** What the list is narrowed to: the query of the API, which is the query of the address. */
function Filters({ filter }: { readonly filter: Filter }) {
  const kinds = useAsked('kinds', ({ api }, signal) => bodyOf(api.GET('/v1/kinds', { signal })))
  const name = useRef<HTMLInputElement>(null)
  useShortcuts('Instructions', [{ key: '/', does: 'Find by name', act: () => name.current?.focus() }])
  const choice = (field: keyof Filter, values: readonly string[]) => (
    <label>
      {field}{' '}
      <select value={filter[field] ?? ''} onChange={({ currentTarget }) => amend({ [field]: currentTarget.value })}>
        <option value="">any</option>
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  )
  return (
    <form class="buttons filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {choice('status', [...states].reverse())}
      {choice('cause', causes)}
      {choice('kind', [...new Set([...(kinds.value.value?.items ?? []).map(({ kind }) => kind), ...(filter.kind ? [filter.kind] : [])])])}
      <label>
        name{' '}
        <input
          ref={name}
          type="search"
          placeholder="exactly"
          value={filter.name ?? ''}
          onChange={({ currentTarget }) => amend({ name: currentTarget.value })}
        />
      </label>
      {isNarrow(filter) && (
        <button type="button" onClick={() => amend({ status: '', cause: '', kind: '', name: '' })}>
          Show all
        </button>
      )}
    </form>
  )
}

function GoTo({ go: show }: { readonly go: (id: number) => void }) {
  return (
    <label>
      go to{' '}
      <input
        class="short"
        type="number"
        min="1"
        placeholder="id"
        onChange={({ currentTarget }) => currentTarget.value !== '' && show(Number(currentTarget.value))}
      />
    </label>
  )
}
