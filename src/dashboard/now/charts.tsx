import type { components } from '../../client/client.js'
import { duration, memory, rate } from '../parts/text.js'
import { Plot } from './plot.js'
import { ended, keptSeconds, seriesVersion, use, waits } from './series.js'

type Resources = components['schemas']['Resources']

const averaged = 10

/** How it went in the last ten minutes: what ended, what failed, how long things waited, what was granted. */
export function Charts({ resources: { slots, memory: mib } }: { readonly resources: Resources }) {
  void seriesVersion.value
  // of the second that goes on not all has come
  const to = Math.floor(Date.now() / 1000)
  const from = to - keptSeconds
  const of = (values: readonly (number | null)[]) => values.slice(-averaged).reduce((sum: number, one) => sum + (one ?? 0), 0) / averaged
  const [succeeded, failed, cancelled] = [ended.succeeded, ended.failed, ended.cancelled].map((series) => series.over(from, to, 0))
  const [median, most] = [waits.median.over(from, to, null), waits.most.over(from, to, null)]
  const [used, granted] = [use.slots.over(from, to, null), use.memory.over(from, to, null)]
  const lastWait = median.findLast((value) => value !== null)
  return (
    <div class="plots">
      <Plot
        title="Succeeded a second"
        last={rate(of(succeeded!))}
        from={from}
        write={rate}
        curves={[{ name: 'succeeded', colour: 'bar-succeeded', values: succeeded! }]}
      />
      <Plot
        title="Did not succeed, a second"
        last={rate(of(failed!) + of(cancelled!))}
        from={from}
        write={rate}
        curves={[
          { name: 'failed', colour: 'bar-failed', values: failed! },
          { name: 'cancelled', colour: 'bar-cancelled', dash: [4, 3], values: cancelled! },
        ]}
      />
      <Plot
        title="Wait before the start"
        last={lastWait == null ? 'none seen yet' : `half waited less than ${duration(lastWait)}`}
        from={from}
        write={duration}
        curves={[
          { name: 'half', colour: 'kind-0', values: filled(median) },
          { name: '95 %', colour: 'kind-2', dash: [4, 3], values: filled(most) },
        ]}
      />
      <Plot
        title="Slots in use"
        last={`${slots.used} of ${slots.total}`}
        from={from}
        write={rate}
        curves={[{ name: 'slots', colour: 'bar-working', values: filled(used) }]}
      />
      <Plot
        title="Memory granted"
        last={`${memory(mib.granted)} of ${memory(mib.total)}`}
        from={from}
        write={memory}
        curves={[{ name: 'memory', colour: 'kind-6', values: filled(granted) }]}
      />
    </div>
  )
}

/** What is asked for every second or two has holes of some seconds; longer ones are told as such. */
function filled(values: readonly (number | null)[], most = 12): (number | null)[] {
  let [last, since]: [number | null, number] = [null, 0]
  return values.map((value) => {
    if (value !== null) [last, since] = [value, 0]
    else since++
    return since <= most ? last : null
  })
}
