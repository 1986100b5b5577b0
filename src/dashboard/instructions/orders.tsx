import { useState } from 'preact/hooks'
import { bodyOf, type Boss, type Client } from '../../client/client.js'
import { act } from '../frame/notices.js'
import { may } from '../frame/session.js'
import { Dialog } from '../parts/dialog.js'
import { isOver } from '../parts/signals.js'
import { count, plural } from '../parts/text.js'
import type { Filter } from './pages.js'
import type { Chosen } from './table.js'

type Order = 'cancel' | 'priority' | 'retry'
/** As many ids as one retry takes. */
const mostIds = 100_000

/** What can be done to the instructions that are chosen. */
export function Orders({
  boss,
  filter,
  chosen,
  done,
}: {
  readonly boss: Boss
  readonly filter: Filter
  readonly chosen: Chosen
  readonly done: () => void
}) {
  const [order, setOrder] = useState<Order>()
  const [given, setGiven] = useState('')
  if (!may('submit')) return null
  const n = chosen === 'all' ? Infinity : chosen.size
  const what = chosen === 'all' ? 'all that match' : plural(n, 'instruction')
  const [isEnded, isUnended] = [
    /succeeded|failed|cancelled/.test(filter.status ?? '') || filter.cause !== undefined,
    /pending|working/.test(filter.status ?? ''),
  ]
  const carryOut = async () => {
    setOrder(undefined)
    const path = { boss: String(boss.id) }
    if (order === 'retry')
      await act(
        (client) => retry(client, path, filter, chosen, given),
        ({ count: again }) => `${plural(again, 'instruction')} given again.`,
      )
    else if (chosen === 'all')
      await act((client) => toAll(client, path, filter, order === 'priority' ? Number(given) : undefined), said(order))
    else await act((client) => toEach(client, path, [...chosen], order === 'priority' ? Number(given) : undefined), said(order))
    done()
  }
  const ask = (next: Order) => {
    setGiven(next === 'priority' ? '0' : '')
    setOrder(next)
  }
  return (
    <span class="buttons" role="group" aria-label="Orders">
      <button type="button" class="danger" disabled={n === 0 || isEnded} onClick={() => ask('cancel')}>
        Cancel…
      </button>
      <button type="button" disabled={n === 0 || isEnded} onClick={() => ask('priority')}>
        Priority…
      </button>
      <button type="button" disabled={n === 0 || isUnended} onClick={() => ask('retry')}>
        Retry…
      </button>
      {order && (
        <Dialog
          title={`${{ cancel: 'Cancel', priority: 'Change the priority of', retry: 'Give again' }[order]} ${what}?`}
          onClose={() => setOrder(undefined)}
        >
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void carryOut()
            }}
          >
            {order === 'cancel' && <p>Those that wait do not begin; those that run are told to end. What has ended stays as it is.</p>}
            {order === 'priority' && (
              <label>
                Priority, larger first{' '}
                <input type="number" required value={given} onInput={({ currentTarget }) => setGiven(currentTarget.value)} />
              </label>
            )}
            {order === 'retry' && (
              <>
                <p>What failed becomes new instructions{chosen === 'all' ? '; what was given again already is left out' : ''}.</p>
                <label>
                  Into the Boss{isOver(boss) ? ', for this one is over' : ' (this one if empty)'}{' '}
                  <input
                    required={isOver(boss)}
                    value={given}
                    onInput={({ currentTarget }) => setGiven(currentTarget.value)}
                    placeholder="id or name"
                  />
                </label>
              </>
            )}
            <p>
              <button type="submit" class={order === 'cancel' ? 'danger' : 'main'}>
                {{ cancel: 'Cancel them', priority: 'Change', retry: 'Give again' }[order]}
              </button>
            </p>
          </form>
        </Dialog>
      )}
    </span>
  )
}

const said = (order: Order | undefined) => (n: number) => `${count(n)} ${order === 'cancel' ? 'cancelled' : 'changed'}.`

interface Path {
  readonly boss: string
}

/** @param priority undefined: they are cancelled. */
async function toAll({ api }: Client, path: Path, filter: Filter, priority: number | undefined): Promise<number> {
  const params = { path, query: filter as object }
  if (priority === undefined) return (await bodyOf(api.DELETE('/v1/bosses/{boss}/instructions', { params }))).cancelled
  return (await bodyOf(api.PATCH('/v1/bosses/{boss}/instructions', { params, body: { priority } }))).changed
}

async function toEach({ api }: Client, path: Path, ids: readonly number[], priority: number | undefined): Promise<number> {
  for (const id of ids) {
    const params = { path: { ...path, id } }
    if (priority === undefined) await api.DELETE('/v1/bosses/{boss}/instructions/{id}', { params })
    else await api.PATCH('/v1/bosses/{boss}/instructions/{id}', { params, body: { priority } })
  }
  return ids.length
}

async function retry({ api }: Client, path: Path, filter: Filter, chosen: Chosen, into: string) {
  const { kind, name, cause, status } = filter
  const isPlain = kind === undefined && name === undefined && (status === undefined || status === 'failed')
  const which =
    chosen !== 'all'
      ? { ids: [...chosen] }
      : isPlain
        ? { ...(cause !== undefined && { causes: [cause as 'exit'] }) }
        : { ids: await idsOf(api, path, status === undefined ? { ...filter, status: 'failed' } : filter) }
  return bodyOf(api.POST('/v1/bosses/{boss}/retry', { params: { path }, body: { ...which, ...(into !== '' && { into }) } }))
}

async function idsOf(api: Client['api'], path: Path, filter: Filter): Promise<number[]> {
  const ids: number[] = []
  let after: string | undefined
  do {
    const query = { ...filter, limit: 1_000, ...(after !== undefined && { after }) } as object
    const page = await bodyOf(api.GET('/v1/bosses/{boss}/instructions', { params: { path, query } }))
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
  } while (after !== undefined && ids.length < mostIds)
  if (ids.length === 0) throw new Error('nothing matches')
  return ids.slice(0, mostIds)
}
