import { useRef, useState } from 'preact/hooks'
import { bodyOf, type Boss, type Client, type components } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { act } from '../frame/notices.js'
import { amend, to } from '../frame/router.js'
import { may } from '../frame/session.js'
import { nameOf, takesMore } from '../parts/signals.js'
import { Empty, Shown } from '../parts/states.js'
import { Status } from '../parts/status.js'
import { became, count, plural, time } from '../parts/text.js'
import type { ViewProps } from '../views.js'

type Group = components['schemas']['FailureList']['items'][number]

const newestBosses = 100
const everyMs = 2_000
/** Lines of stderr that say what went wrong; all of it is with the instruction. */
const tailLines = 8

/** What failed of a Boss, grouped: how much by which cause, of which kind, and what the newest of each wrote. */
export function FailuresView({ place: { query } }: ViewProps) {
  const asked = useAsked(
    'failing',
    ({ api }, signal) => bodyOf(api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: newestBosses } }, signal })),
    everyMs,
  )
  // one that somebody looks at stays, also when a newer one fails
  const seen = useRef('')
  const wanted = query['boss'] ?? seen.current
  return (
    <section class="view">
      <h1>Failures</h1>
      <Shown asked={asked}>
        {({ items }) => {
          const failing = items.filter(({ id, counts }) => counts.failed > 0 || String(id) === wanted)
          const boss = failing.find(({ id }) => String(id) === wanted) ?? failing[0]
          seen.current = String(boss?.id ?? '')
          return boss === undefined ? (
            <Empty>
              <p>
                <Status is="succeeded" /> Nothing has failed in the newest {newestBosses} Bosses.
              </p>
            </Empty>
          ) : (
            <>
              <label>
                Boss{' '}
                <select value={boss.id} onChange={({ currentTarget }) => amend({ boss: currentTarget.value })}>
                  {failing.map((one) => (
                    <option key={one.id} value={one.id}>
                      {nameOf(one)}: {count(one.counts.failed)} failed
                    </option>
                  ))}
                </select>
              </label>{' '}
              <a href={to(['bosses', boss.id])}>Boss {boss.id}</a> is {boss.status}
              <Groups key={boss.id} boss={boss} />
            </>
          )
        }}
      </Shown>
    </section>
  )
}

function Groups({ boss }: { readonly boss: Boss }) {
  const asked = useAsked(
    `failures ${boss.id}`,
    ({ api }, signal) => bodyOf(api.GET('/v1/bosses/{boss}/failures', { params: { path: { boss: String(boss.id) } }, signal })),
    everyMs,
  )
  return (
    <Shown asked={asked}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty>
            <p>Nothing of {nameOf(boss)} has failed.</p>
          </Empty>
        ) : (
          <>
            {items.map((group) => (
              <GroupOf key={`${group.cause} ${group.kind}`} boss={boss} group={group} />
            ))}
          </>
        )
      }
    </Shown>
  )
}

function GroupOf({ boss, group }: { readonly boss: Boss; readonly group: Group }) {
  const [isBusy, setBusy] = useState(false)
  const { cause, kind, count: n, newest } = group
  const retry = async () => {
    setBusy(true)
    await act(
      (client) => again(client, boss, group),
      ({ count: given, boss: into }) =>
        given === 0
          ? 'All of them had been given again before.'
          : `${plural(given, 'instruction')} given again${into === boss.id ? '' : `, to the new Boss ${into}`}.`,
    )
    setBusy(false)
  }
  const retryText = takesMore(boss) ? 'Retry all' : 'Retry all in a new Boss'
  const lines = plain(newest.stderr_tail ?? newest.traceback ?? '')
    .trimEnd()
    .split('\n')
    .slice(-tailLines)
    .join('\n')
  return (
    <section class="failed">
      <h2>
        <span class="is-failed">
          <span aria-hidden="true">✕</span> {count(n)} × {kind} {became(cause)}
        </span>{' '}
        <small class="faint">{cause}</small>
      </h2>
      <p>
        Newest: <a href={to(['bosses', boss.id, 'instructions', newest.instruction])}>{newest.name}</a> at {time(newest.finished_at)}
        {newest.error && `: ${newest.error.message}`}
      </p>
      {lines !== '' && (
        <pre class="text" tabIndex={0} role="group" aria-label={`What ${newest.name} wrote last`}>
          {lines}
        </pre>
      )}
      <p class="buttons">
        <a class="button" href={to(['bosses', boss.id, 'instructions'], { status: 'failed', cause, kind })}>
          {n === 1 ? 'The instruction' : `All ${count(n)} instructions`}
        </a>
        {may('submit') && (
          <button type="button" disabled={isBusy} onClick={() => void retry()} aria-label={`${retryText}: ${kind}, ${cause}`}>
            {retryText}
          </button>
        )}
      </p>
    </section>
  )
}

/** Gives a group once more: to its Boss, or, if that takes no more, to a new one like it, which is over when they are done. */
async function again({ api }: Client, boss: Boss, { cause, kind }: Group): Promise<{ readonly count: number; readonly boss: number }> {
  const retry = { causes: [cause], kinds: [kind] }
  const of = { params: { path: { boss: String(boss.id) } } }
  if (takesMore(boss)) return { ...(await bodyOf(api.POST('/v1/bosses/{boss}/retry', { ...of, body: retry }))), boss: boss.id }
  const { id } = (await bodyOf(api.POST('/v1/bosses', { body: { scheduler: boss.scheduler, on_error: boss.on_error } }))) as Boss
  const into = { params: { path: { boss: String(id) } } }
  try {
    const { count: given } = await bodyOf(api.POST('/v1/bosses/{boss}/retry', { ...of, body: { ...retry, into: String(id) } }))
    return { count: given, boss: id }
  } finally {
    await api.POST('/v1/bosses/{boss}/end', into)
  }
}

/** Without what colours a terminal. */
// oxlint-disable-next-line no-control-regex -- that is what begins it
const plain = (text: string) => text.replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, '')
