import type { Boss, Report, ReportEntry } from '../../client/client.js'
import { bodyOf } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { lastSeq } from '../frame/live.js'
import { paceOf, paceVersion } from '../frame/pace.js'
import { to } from '../frame/router.js'
import { may } from '../frame/session.js'
import { Downloads } from '../parts/downloads.js'
import { timeLeft } from '../parts/left.js'
import { doneOf, Progress, states, totalOf } from '../parts/progress.js'
import { Scroll } from '../parts/scroll.js'
import { isOver, nameOf, Signals, takesMore } from '../parts/signals.js'
import { Fault, Shown } from '../parts/states.js'
import { Status } from '../parts/status.js'
import { count, duration, memory, rate, time } from '../parts/text.js'
import type { ViewProps } from '../views.js'

const everyMs = 1_000
const newest = 20

/** One Boss: how far it is, how it decides, what came of it so far. */
export function BossView({ place: { path } }: ViewProps) {
  const [, ref = ''] = path
  const asked = useAsked(`boss ${ref}`, (client) => client.boss(ref), everyMs)
  return (
    <section class="view">
      <Shown asked={asked}>
        {(boss) => (
          <>
            <h1>
              {nameOf(boss)} <Status is={boss.status} />
            </h1>
            {boss.error && <Fault text={`${boss.error.type}: ${boss.error.message}`} />}
            <span class="buttons">
              <Signals boss={boss} told={() => void asked.again()} />
              {may('submit') && takesMore(boss) && (
                <a class="button" href={to(['compose'], { boss: boss.id })}>
                  Give it more
                </a>
              )}
              {boss.counts.failed > 0 && (
                <a class="button" href={to(['failures'], { boss: boss.id })}>
                  Why some failed
                </a>
              )}
            </span>
            <Progress counts={boss.counts} />
            <Legend boss={boss} />
            <Facts boss={boss} />
            <ReportTable key={boss.id} boss={boss} />
          </>
        )}
      </Shown>
    </section>
  )
}

/** What the colours of the bar stand for; each number leads to those instructions. */
function Legend({ boss: { id, counts } }: { readonly boss: Boss }) {
  return (
    <ul class="legend">
      {states.map((state) => (
        <li key={state}>
          <a href={to(['bosses', id, 'instructions'], { status: state })}>
            <Status is={state} /> <b>{count(counts[state])}</b>
          </a>
        </li>
      ))}
      <li>
        <a href={to(['bosses', id, 'instructions'])}>
          all <b>{count(totalOf(counts))}</b>
        </a>
      </li>
    </ul>
  )
}

function Facts({ boss }: { readonly boss: Boss }) {
  void paceVersion.value
  const pace = paceOf(boss)
  const facts: readonly (readonly [string, string])[] = [
    ['Id', String(boss.id)],
    ['Scheduler', wordsOf(boss.scheduler)],
    ['When one fails', boss.on_error === 'stop' ? 'the others are stopped' : 'the others go on'],
    ['Created', time(boss.created_at)],
    ...(boss.over_at === undefined
      ? ([
          ['Pace', `${rate(pace)} a second`],
          ['Time left', timeLeft(boss, pace)],
          ['Takes more', boss.ending ? 'no: it ends when all is done' : 'yes, until it is told to end'],
        ] as const)
      : ([
          ['Over', time(boss.over_at)],
          ['Took', duration((Date.parse(boss.over_at) - Date.parse(boss.created_at)) / 1000)],
        ] as const)),
  ]
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A scheduler's settings, as in `threads, max_threads 4`. */
function wordsOf(scheduler: Readonly<Record<string, unknown>>): string {
  const { limit, scheduler: name, ...others } = scheduler
  const first = [limit, name].find((word) => typeof word === 'string') ?? 'laxist'
  const rest = Object.entries(others).filter(([, value]) => value !== null && value !== false)
  return [first, ...rest.map(([key, value]) => (value === true ? key : `${key} ${JSON.stringify(value)}`))].join(', ')
}

/** The report so far, the newest first, and all of it as a file. */
function ReportTable({ boss }: { readonly boss: Boss }) {
  const done = doneOf(boss.counts)
  const asked = useAsked(
    `report ${boss.id} ${isOver(boss)}`,
    async ({ api }, signal) => {
      const page = async (after: number) => {
        const query = { after, limit: newest * 10 }
        const params = { path: { boss: String(boss.id) }, query }
        return (await bodyOf(api.GET('/v1/bosses/{boss}/report', { params, signal }))) as Report
      }
      // entries are read from the oldest on: those that came last are looked for behind the last event but some
      const late = await page(Math.max(0, (lastSeq() ?? 0) - newest * 10))
      const { workers_report: entries } = late.workers_report.length > 0 ? late : await page(0)
      return entries.slice(-newest).reverse()
    },
    isOver(boss) ? undefined : 2_000,
  )
  return (
    <>
      <h2>{isOver(boss) ? 'Report' : 'Interim report'}</h2>
      <Shown asked={asked}>
        {(entries) =>
          entries.length === 0 ? (
            <p class="faint">Nothing has ended yet.</p>
          ) : (
            <>
              <Entries boss={boss.id} entries={entries} />
              {done > entries.length && (
                <p class="faint">
                  {entries.length} of {count(done)}. <a href={to(['bosses', boss.id, 'instructions'])}>All instructions</a>
                </p>
              )}
              <p>
                Save all of it as <Downloads boss={boss} />
              </p>
            </>
          )
        }
      </Shown>
    </>
  )
}

function Entries({ boss, entries }: { readonly boss: number; readonly entries: readonly ReportEntry[] }) {
  return (
    <Scroll label="Table of the report">
      <table>
        <thead>
          <tr>
            <th scope="col">Instruction</th>
            <th scope="col">Outcome</th>
            <th scope="col">Why</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Memory
            </th>
            <th scope="col">Ended</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.seq}>
              <th scope="row">
                <a href={to(['bosses', boss, 'instructions', entry.instruction])}>{entry.name}</a>
              </th>
              <td>
                <Status is={entry.outcome} />
              </td>
              <td class="wide cut" title={entry.error?.message}>
                {[entry.cause, entry.error?.message].filter(Boolean).join(': ')}
              </td>
              <td class="number">{duration(entry.usage.wall)}</td>
              <td class="number">{entry.usage.max_rss === null ? '–' : memory(entry.usage.max_rss)}</td>
              <td>{time(entry.finished_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}
