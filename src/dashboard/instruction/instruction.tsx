import { useState } from 'preact/hooks'
import { bodyOf, type Instruction, type ReportEntry } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { act } from '../frame/notices.js'
import { to } from '../frame/router.js'
import { may } from '../frame/session.js'
import { Scroll } from '../parts/scroll.js'
import { Shown } from '../parts/states.js'
import { Status } from '../parts/status.js'
import { count, duration, memory, time } from '../parts/text.js'
import type { ViewProps } from '../views.js'
import { Log } from './log.js'

/** An attempt: what a report entry has of it, as far as it came. */
type Attempt = { readonly attempt: number } & Partial<Omit<ReportEntry, 'attempt'>>
const isEnded = ({ status }: Instruction) => status !== 'pending' && status !== 'working'

/** One instruction: why it waits, what it cost, what came of each attempt, what it wrote. */
export function InstructionView({ place: { path } }: ViewProps) {
  const [, boss = '', , given = ''] = path
  const id = Number(given)
  const asked = useAsked(
    `instruction ${boss} ${id}`,
    ({ api }, signal) => bodyOf(api.GET('/v1/bosses/{boss}/instructions/{id}', { params: { path: { boss, id } }, signal })),
    1_000,
  )
  return (
    <section class="view">
      <p class="faint">
        <a href={to(['bosses', boss])}>Boss {boss}</a> / <a href={to(['bosses', boss, 'instructions'])}>instructions</a> / {given}
      </p>
      <Shown asked={asked}>{(it) => <One boss={boss} it={it} told={() => void asked.again()} />}</Shown>
    </section>
  )
}

function One({ boss, it, told }: { readonly boss: string; readonly it: Instruction; readonly told: () => void }) {
  const attempts = it.attempts as readonly Attempt[]
  const last = attempts.at(-1)
  const { name: _, ...attributes } = it.attributes
  return (
    <>
      <h1>
        {it.name} <Status is={it.status} />
      </h1>
      <Orders boss={boss} it={it} told={told} />
      {it.waiting_for !== undefined && (
        <p class="why">
          <b>It waits for</b> {it.waiting_for}.
        </p>
      )}
      {last?.error && it.status !== 'working' && (
        <p class="why">
          <b>{last.cause}:</b> {last.error.message}
        </p>
      )}
      <Facts boss={boss} it={it} />
      <Usage it={it} last={last} />
      {attempts.length > 0 && (
        <>
          <h2>{attempts.length === 1 ? 'Attempt' : 'Attempts'}</h2>
          <Timeline attempts={attempts} />
          <Attempts attempts={attempts} />
          <Log boss={boss} id={it.id} attempts={attempts.length} isOver={isEnded(it)} hasFailed={it.status === 'failed'} />
        </>
      )}
      {last?.traceback !== undefined && <Text title="Traceback" text={last.traceback} />}
      {last?.report !== undefined && last.report !== null && <Text title="Report" text={JSON.stringify(last.report, undefined, 2)} />}
      <Text title="Attributes" text={JSON.stringify(attributes, undefined, 2)} />
    </>
  )
}

const Text = ({ title, text }: { readonly title: string; readonly text: string }) => (
  <>
    <h2>{title}</h2>
    <pre class="text" tabIndex={0}>
      {text}
    </pre>
  </>
)

function Orders({ boss, it, told }: { readonly boss: string; readonly it: Instruction; readonly told: () => void }) {
  const [priority, setPriority] = useState(String(it.priority))
  if (!may('submit')) return null
  const params = { path: { boss, id: it.id } }
  const cancel = async () => {
    await act(
      ({ api }) => bodyOf(api.DELETE('/v1/bosses/{boss}/instructions/{id}', { params })),
      ({ name, status }) => `${name} ${status === 'cancelled' ? 'is cancelled' : 'is told to end'}.`,
    )
    told()
  }
  const change = async (event: Event) => {
    event.preventDefault()
    const body = { priority: Number(priority) }
    await act(
      ({ api }) => bodyOf(api.PATCH('/v1/bosses/{boss}/instructions/{id}', { params, body })),
      (now) => `The priority is ${now.priority}.`,
    )
    told()
  }
  const retry = () =>
    act(
      ({ api }) => bodyOf(api.POST('/v1/bosses/{boss}/retry', { params: { path: { boss } }, body: { ids: [it.id] } })),
      ({ first }) => `It is given again as instruction ${first}.`,
    )
  return isEnded(it) ? (
    <button type="button" onClick={() => void retry()}>
      Retry
    </button>
  ) : (
    <form class="buttons" onSubmit={(event) => void change(event)}>
      <button type="button" class="danger" onClick={() => void cancel()}>
        Cancel
      </button>
      <label>
        priority{' '}
        <input class="short" type="number" required value={priority} onInput={({ currentTarget }) => setPriority(currentTarget.value)} />
      </label>
      <button type="submit">Change</button>
    </form>
  )
}

function Facts({ boss, it }: { readonly boss: string; readonly it: Instruction }) {
  const { limits, retry_of: of } = it
  return (
    <dl class="facts">
      <Fact name="Kind" is={it.kind} />
      <Fact name="Cores" is={String(it.cores)} />
      <Fact name="Priority" is={String(it.priority)} />
      <Fact name="May wait" is={limits.expires === null ? 'as long as it takes' : duration(limits.expires)} />
      <Fact
        name="Tried again"
        is={limits.at_most_once ? 'never, it begins once at most' : limits.retry === null ? 'no' : JSON.stringify(limits.retry)}
      />
      {it.not_before !== undefined && <Fact name="Next attempt not before" is={time(it.not_before)} />}
      {of !== undefined && (
        <div>
          <dt>New go of</dt>
          <dd>
            <a href={to(['bosses', it.retry_of_boss ?? boss, 'instructions', of])}>{of}</a>
          </dd>
        </div>
      )}
    </dl>
  )
}

const Fact = ({ name, is }: { readonly name: string; readonly is: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{is}</dd>
  </div>
)

/** What the last attempt took, against what it may. */
function Usage({ it: { limits, cores }, last }: { readonly it: Instruction; readonly last: Attempt | undefined }) {
  if (!last?.started_at) return null
  const wall = last.usage?.wall ?? (Date.now() - Date.parse(last.started_at)) / 1000
  const { cpu = null, max_rss: rss = null } = last.usage ?? {}
  return (
    <div class="usage">
      <Gauge name="Time" used={wall} limit={limits.timeout} write={duration} />
      {cpu !== null && <Gauge name="CPU time" used={cpu} limit={wall * cores} write={duration} />}
      {rss !== null && <Gauge name="Memory" used={rss} limit={limits.memory} write={memory} />}
    </div>
  )
}

function Gauge({
  name,
  used,
  limit,
  write,
}: {
  readonly name: string
  readonly used: number
  readonly limit: number | null
  readonly write: (value: number) => string
}) {
  return (
    <div>
      {name} <b>{write(used)}</b> <span class="faint">{limit === null ? 'without a limit' : `of ${write(limit)}`}</span>
      {limit !== null && <meter min={0} max={limit} value={Math.min(used, limit)} aria-label={name} />}
    </div>
  )
}

/** Attempts and the pauses between them, to scale. */
function Timeline({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const spans = attempts.flatMap(({ attempt, started_at: start, finished_at: end, outcome }) =>
    start == null
      ? []
      : [{ attempt, outcome: outcome ?? 'working', from: Date.parse(start), to: end === undefined ? Date.now() : Date.parse(end) }],
  )
  if (spans.length === 0) return null
  const from = spans[0]!.from
  const all = Math.max(1, spans.at(-1)!.to - from)
  return (
    <div class="timeline" role="img" aria-label={spans.map(({ attempt, outcome }) => `attempt ${attempt} ${outcome}`).join(', ')}>
      {spans.map((span) => (
        <span
          key={span.attempt}
          class={`bg-${span.outcome}`}
          style={{ left: `${((span.from - from) / all) * 100}%`, width: `max(3px, ${((span.to - span.from) / all) * 100}%)` }}
        />
      ))}
    </div>
  )
}

function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  return (
    <Scroll label="Attempts">
      <table>
        <thead>
          <tr>
            {['Attempt', 'Outcome', 'Why', 'Began', 'Took', 'CPU', 'Memory', 'Cores', 'Ticket'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {attempts.toReversed().map((one) => (
            <tr key={one.attempt}>
              <th scope="row">{one.attempt}</th>
              <td>
                <Status is={one.outcome ?? 'working'} />
              </td>
              <td>{whyOf(one)}</td>
              <td>{one.started_at == null ? 'never' : time(one.started_at)}</td>
              <td>{one.usage ? duration(one.usage.wall) : ''}</td>
              <td>{one.usage?.cpu == null ? '' : duration(one.usage.cpu)}</td>
              <td>{one.usage?.max_rss == null ? '' : memory(one.usage.max_rss)}</td>
              <td>{one.cpus && (one.cpus.join(', ') || 'any')}</td>
              <td>{one.scheduler_ticket ?? ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** As in `exit, code 3`, `timeout, 5 of 5`. */
const whyOf = ({ cause, exit_code: code, signal, limit, measured }: Attempt) =>
  [
    cause,
    code !== undefined && `code ${code}`,
    signal,
    limit !== undefined && `${measured === undefined ? '' : `${count(measured)} of `}${count(limit)}`,
  ]
    .filter(Boolean)
    .join(', ')
