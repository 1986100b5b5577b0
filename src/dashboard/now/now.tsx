import { useEffect } from 'preact/hooks'
import { bodyOf, type Boss, type components } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { paceOf, paceVersion } from '../frame/pace.js'
import { to } from '../frame/router.js'
import { Gantt } from '../gantt/gantt.js'
import { know, knowCpus, liveRows, rowsVersion } from '../gantt/live-rows.js'
import { allLeft } from '../parts/left.js'
import { Scroll } from '../parts/scroll.js'
import { isOver } from '../parts/signals.js'
import { Empty, Shown } from '../parts/states.js'
import { became, count, memory, plural, rate } from '../parts/text.js'
import { BossTable } from '../views/bosses.js'
import { Charts } from './charts.js'
import { ended, hearMetrics, keptSeconds, lastFailure, use } from './series.js'

type Resources = components['schemas']['Resources']

/** What many pages ask often costs the daemon what they look at. */
const [everyMs, metricsMs, seldomMs] = [2_000, 5_000, 10_000]
/** What is shorter is over before anybody could read its name. */
const nameMs = 1_000

/** What happens right now: who works where, what is done when, what failed last, and the machine's ledger. */
export function NowView() {
  const house = useAsked(
    'house',
    async ({ api }, signal) => {
      const [resources, { items: bosses }] = await Promise.all([
        bodyOf(api.GET('/v1/resources', { signal })),
        bodyOf(api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: 20 } }, signal })),
      ])
      take(resources)
      return { resources, bosses }
    },
    everyMs,
  )
  useWorkers()
  const metrics = useAsked('metrics', async ({ api }, signal) => bodyOf(api.GET('/metrics', { parseAs: 'text', signal })), metricsMs)
  const text = metrics.value.value
  useEffect(() => {
    if (typeof text === 'string') hearMetrics(text, Date.now())
  }, [text])
  return (
    <section class="view">
      <h1>Now</h1>
      <Shown asked={house}>
        {({ resources, bosses }) => (
          <>
            <Glance resources={resources} bosses={bosses} />
            <Cores />
            <h2>Bosses at work</h2>
            <AtWork bosses={bosses} told={() => void house.again()} />
            <h2>The last ten minutes</h2>
            <Charts resources={resources} />
            <Ledger resources={resources} />
          </>
        )}
      </Shown>
    </section>
  )
}

/**
 * Events say who begins and ends; what had begun before them is asked for, and now and then whether it still holds. They tell no name: what
 * runs for longer than a moment has to be asked for.
 */
function useWorkers(): void {
  const workers = useAsked('workers', async ({ api }, signal) => know((await bodyOf(api.GET('/v1/workers', { signal }))).items), seldomMs)
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && liveRows.hasNameless(Date.now() - nameMs)) void workers.again()
    }, everyMs)
    return () => clearInterval(timer)
  }, [])
}

function take({ cores, slots, memory: { granted } }: Resources): void {
  knowCpus(cores.cpus)
  const second = Math.floor(Date.now() / 1000)
  use.slots.set(second, slots.used)
  use.memory.set(second, granted)
}

/** The answers to what people ask first, in one line. */
function Glance({ resources: { cores, slots }, bosses }: { readonly resources: Resources; readonly bosses: readonly Boss[] }) {
  void rowsVersion.value
  void paceVersion.value
  const running = liveRows.running.size
  const idle = cores.cpus.filter((cpu) => !liveRows.runsOn(cpu))
  const alive = bosses.filter((boss) => !isOver(boss))
  const pending = alive.reduce((sum, { counts }) => sum + counts.pending, 0)
  const pace = alive.reduce((sum, boss) => sum + paceOf(boss), 0)
  const second = Math.floor(Date.now() / 1000)
  const failed = ended.failed.over(second - keptSeconds, second + 1, 0).reduce<number>((sum, n) => sum + (n ?? 0), 0)
  const failure = lastFailure.value
  return (
    <dl class="glance">
      <div>
        <dt>Running</dt>
        <dd>
          {count(running)} <span class="faint">of {plural(slots.total, 'slot')}</span>
        </dd>
      </div>
      <div>
        <dt>Idle cores</dt>
        <dd>
          {idle.length === 0 ? (
            'none'
          ) : (
            <>
              {idle.length}{' '}
              <span class="faint">
                of {cores.total}
                {idle.length <= 8 && `: core ${idle.join(', ')}`}
              </span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>Waiting</dt>
        <dd>{count(pending)}</dd>
      </div>
      <div>
        <dt>Done a second</dt>
        <dd>{rate(pace)}</dd>
      </div>
      <div>
        <dt>All done in</dt>
        <dd>{allLeft(alive, paceOf)}</dd>
      </div>
      <div>
        <dt>Failed in ten minutes</dt>
        <dd>
          <a class={failed > 0 ? 'is-failed' : ''} href={to(['failures'])}>
            {count(failed)}
          </a>
          {failure && (
            <span class="faint">
              {' last: '}
              <a href={to(['bosses', failure.boss, 'instructions', failure.instruction])}>{failure.name}</a> {became(failure.cause)}
            </span>
          )}
        </dd>
      </div>
    </dl>
  )
}

/** Drawn again with each batch of events, and nothing else. */
function Cores() {
  return <Gantt rows={liveRows} version={rowsVersion.value} />
}

function AtWork({ bosses, told }: { readonly bosses: readonly Boss[]; readonly told: () => void }) {
  const alive = bosses.filter((boss) => !isOver(boss))
  if (alive.length > 0) return <BossTable bosses={alive} told={told} />
  return (
    <Empty>
      No Boss is at work. <a href={to(['compose'])}>Compose one</a>
      {bosses.length > 0 && (
        <>
          {' '}
          or look at <a href={to(['bosses'])}>those that are over</a>
        </>
      )}
      .
    </Empty>
  )
}

/** Who holds which cores and how much memory. */
function Ledger({ resources: { cores, memory: mib, places, slots } }: { readonly resources: Resources }) {
  return (
    <>
      <h2>Ledger</h2>
      <p>
        {slots.used} of {plural(slots.total, 'slot')} on {plural(cores.total, 'core')}; {memory(mib.granted)} of {memory(mib.total)}{' '}
        granted.
      </p>
      {places.length > 0 && (
        <Scroll label="Places">
          <table>
            <thead>
              <tr>
                <th scope="col">Place</th>
                <th scope="col">Boss</th>
                <th scope="col">Cores</th>
                <th scope="col" class="number">
                  Memory
                </th>
              </tr>
            </thead>
            <tbody>
              {places.map((place) => (
                <tr key={place.place}>
                  <th scope="row">{place.place}</th>
                  <td>
                    <a href={to(['bosses', place.boss])}>{place.boss}</a>
                  </td>
                  <td>{place.cpus.length > 0 ? place.cpus.join(', ') : `${place.cores}, any`}</td>
                  <td class="number">{memory(place.memory)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  )
}
