import { bodyOf, Refused, type Client, type components } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { hearLookers } from '../frame/crowd.js'
import { may } from '../frame/session.js'
import { Fault, Shown } from '../parts/states.js'
import { ago, bytes, count, duration, memory } from '../parts/text.js'
import { boundOf, labelOf, samplesOf, type Samples } from './metrics.js'
import { Slurm } from './slurm.js'
import { Tokens } from './tokens.js'

type Resources = components['schemas']['Resources']
type KindList = components['schemas']['KindList']

const everyMs = 2_000
/** Behind which lag and commits are no longer of now: so many askings. */
const window = 15

interface State {
  readonly resources: Resources
  readonly kinds: KindList
  /** why it should get no new work */
  readonly reasons: readonly string[]
  readonly now: Samples
  readonly before: Samples | undefined
}

/** What the daemon runs on, what it keeps, how fast it answers, who may come in. */
export function SystemView() {
  const asked = useAsked('system', stateOf, everyMs)
  return (
    <section class="view">
      <h1>System</h1>
      <Shown asked={asked}>
        {(state) => (
          <>
            {state.reasons.map((reason) => (
              <Fault key={reason} text={`No new work: ${reason}`} />
            ))}
            <Facts of={factsOf(state)} />
            {state.resources.slurm && <Slurm of={state.resources.slurm} />}
            <Kinds of={state.kinds} />
          </>
        )}
      </Shown>
      {may('admin') && <Tokens />}
    </section>
  )
}

/** Samples of late, to tell what was counted since. */
let past: readonly Samples[] = []

async function stateOf({ api }: Client, signal: AbortSignal): Promise<State> {
  const [resources, kinds, text, reasons] = await Promise.all([
    bodyOf(api.GET('/v1/resources', { signal })),
    bodyOf(api.GET('/v1/kinds', { signal })),
    bodyOf(api.GET('/metrics', { parseAs: 'text', signal })) as Promise<string>,
    api.GET('/readyz', { signal }).then(
      () => [],
      (error: unknown) => {
        if (error instanceof Refused) return error.facts['reasons'] as string[]
        throw error
      },
    ),
  ])
  hearLookers(text)
  const now = samplesOf(text)
  const [before] = past
  past = [...past, now].slice(-window)
  return { resources, kinds, reasons, now, before }
}

type Fact = readonly [name: string, value: string, title?: string | undefined]

function factsOf({
  resources: { cores, memory: room, memory_enforcement: how, memory_enforcement_reason: why, slots, store },
  now,
  before,
}: State): Fact[] {
  const of = (name: string) => now.get(name) ?? 0
  const bound = (name: string) => {
    const s = boundOf(now, before, name, 0.99)
    return s === undefined ? 'nothing of late' : s === Infinity ? 'more than 5 s' : `99 % within ${duration(s)}`
  }
  return [
    ['Version', labelOf(now, 'taylord_info', 'version')],
    ['Runs', `for ${ago(of('process_start_time_seconds') * 1000).replace(' ago', '')}`],
    ['Cores', count(cores.total), `CPUs ${cores.cpus.join(' ')}`],
    ['At once', `${count(slots.used)} of ${count(slots.total)} slots taken`],
    ['Memory', `${memory(room.granted)} of ${memory(room.total)} granted`],
    ['Memory is held by', how === 'rss' ? 'watching what processes have' : `the kernel (${how})`, why],
    ['Instructions', `${count(of('taylord_instructions_working'))} work, ${count(of('taylord_instructions_pending'))} wait`],
    ['Store', store.ready ? `takes, ${bytes(of('taylord_database_bytes'))}` : `refuses: ${store.reason ?? ''}`, store.file],
    ['Its log', bytes(of('taylord_wal_bytes')), 'what is committed and not yet in the database itself'],
    ['Commits', bound('taylord_commit_seconds'), 'what is appended or reported is told once it is committed'],
    ['Lag', bound('taylord_event_loop_lag_seconds'), 'how long a call waits before the daemon looks at it'],
    ['The daemon itself', `${bytes(of('process_resident_memory_bytes'))}, ${duration(of('process_cpu_seconds_total'))} of CPU`],
    ['Follow events', count(of('taylord_event_followers'))],
  ]
}

function Facts({ of }: { readonly of: readonly Fact[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value, title]) => (
        <div key={name} title={title}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {title !== undefined && <dd class="faint small">{title}</dd>}
        </div>
      ))}
    </dl>
  )
}

/** Which kinds can be hired, and what is wrong with some. */
function Kinds({ of: { items, refused } }: { readonly of: KindList }) {
  return (
    <>
      <h2>Kinds</h2>
      <ul class="plainly">
        {items.map(({ kind, file, fault }) => (
          <li key={kind}>
            <b>{kind}</b> <span class="faint">{file ?? 'built in'}</span>
            {fault && (
              <span class="is-failed">
                {' '}
                ✕ {fault.type}: {fault.message}
              </span>
            )}
          </li>
        ))}
        {refused.map(({ file, reason }) => (
          <li key={file}>
            <span class="is-failed">✕ {file} was left out:</span> {reason}
          </li>
        ))}
      </ul>
    </>
  )
}
