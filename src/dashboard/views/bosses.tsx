import { useState } from 'preact/hooks'
import type { Boss } from '../../client/client.js'
import { bodyOf } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { paceOf, paceVersion } from '../frame/pace.js'
import { to } from '../frame/router.js'
import { timeLeft } from '../parts/left.js'
import { doneOf, Progress, totalOf } from '../parts/progress.js'
import { Scroll } from '../parts/scroll.js'
import { isOver, nameOf, Signals } from '../parts/signals.js'
import { Empty, Shown } from '../parts/states.js'
import { Status } from '../parts/status.js'
import { count, duration, rate, time } from '../parts/text.js'

const pageLength = 50
const everyMs = 2_000

/** All Bosses, the newest first: how far each is, and what it can be told. */
export function BossesView() {
  const [afters, setAfters] = useState<readonly string[]>([])
  const after = afters.at(-1)
  const asked = useAsked(
    `bosses ${after ?? ''}`,
    ({ api }, signal) =>
      bodyOf(
        api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: pageLength, ...(after !== undefined && { after }) } }, signal }),
      ),
    everyMs,
  )
  return (
    <section class="view">
      <h1>Bosses</h1>
      <Shown asked={asked}>
        {({ items, next }) =>
          items.length === 0 && afters.length === 0 ? (
            <Empty>
              <p>There is no Boss yet.</p>
              <p>
                <a href={to(['compose'])}>Compose one</a>, or <code>taylord submit -- echo hello</code>
              </p>
            </Empty>
          ) : (
            <>
              <BossTable bosses={items} told={() => void asked.again()} />
              <p class="buttons">
                {afters.length > 0 && (
                  <button type="button" onClick={() => setAfters(afters.slice(0, -1))}>
                    Newer
                  </button>
                )}
                {next !== undefined && (
                  <button type="button" onClick={() => setAfters([...afters, next])}>
                    Older
                  </button>
                )}
              </p>
            </>
          )
        }
      </Shown>
    </section>
  )
}

/** Bosses, one a row. @param told is called when one of them was told something. */
export function BossTable({ bosses, told }: { readonly bosses: readonly Boss[]; readonly told: () => void }) {
  return (
    <Scroll label="Table of Bosses">
      <table class="bosses">
        <thead>
          <tr>
            <th scope="col">Boss</th>
            <th scope="col">Status</th>
            <th scope="col">Progress</th>
            <th scope="col" class="number">
              Done
            </th>
            <th scope="col" class="number">
              Failed
            </th>
            <th scope="col" class="number">
              a second
            </th>
            <th scope="col">Time left</th>
            <th scope="col">Since</th>
            <th scope="col">
              <span class="hidden">Signals</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bosses.map((boss) => (
            <BossRow key={boss.id} boss={boss} told={told} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function BossRow({ boss, told }: { readonly boss: Boss; readonly told: () => void }) {
  const { id, counts, status } = boss
  return (
    <tr>
      <th scope="row">
        <a href={to(['bosses', id])}>{nameOf(boss)}</a>
        {boss.name !== undefined && <span class="faint"> {id}</span>}
      </th>
      <td>
        <Status is={status} title={boss.error?.message} />
      </td>
      <td class="wide">
        <Progress counts={counts} />
      </td>
      <td class="number" data-name="done">
        {count(doneOf(counts))} <span class="faint">of {count(totalOf(counts))}</span>
      </td>
      <td class="number" data-name="failed">
        {counts.failed > 0 ? (
          <a class="is-failed" href={to(['bosses', id, 'instructions'], { status: 'failed' })}>
            {count(counts.failed)}
          </a>
        ) : (
          <span class="faint">0</span>
        )}
      </td>
      <Pace boss={boss} />
      <td data-before="since">{time(boss.created_at)}</td>
      <td class="told">
        <Signals boss={boss} told={told} />
      </td>
    </tr>
  )
}

/** How fast it goes, and when it will be done at that pace; once it is over how long it took. */
function Pace({ boss }: { readonly boss: Boss }) {
  void paceVersion.value
  if (isOver(boss)) {
    const took = (Date.parse(boss.over_at ?? boss.created_at) - Date.parse(boss.created_at)) / 1000
    return (
      <>
        <td class="number faint" data-name="a second">
          –
        </td>
        <td class="faint">took {duration(took)}</td>
      </>
    )
  }
  const pace = paceOf(boss)
  return (
    <>
      <td class="number" data-name="a second">
        {rate(pace)}
      </td>
      <td data-before="time left:">{timeLeft(boss, pace)}</td>
    </>
  )
}
