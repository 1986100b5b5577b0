import { useRef, useState } from 'preact/hooks'
import { bodyOf, type Appended, type Boss, type Client, type NewBoss } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { act } from '../frame/notices.js'
import { go } from '../frame/router.js'
import { ask, may, sentenceOf } from '../frame/session.js'
import { takesMore } from '../parts/signals.js'
import { Empty, Fault, Shown } from '../parts/states.js'
import { plural } from '../parts/text.js'
import type { ViewProps } from '../views.js'
import { Drop, type Dropped } from './drop.js'
import { Fields } from './fields.js'
import { TargetFields, type Target } from './target.js'
import { Trial, type Resolved } from './trial.js'
import { asked as further, attributesOf, rowOf, type Kind, type Row } from './values.js'

/** As many rows as one dry run takes. */
const mostTried = 10_000

/** Gives instructions: what a form says, for each row of a file if there is one. They are tried before they are given. */
export function ComposeView({ place: { query } }: ViewProps) {
  const asked = useAsked('compose', async ({ api }, signal) => {
    const [kinds, bosses] = await Promise.all([
      bodyOf(api.GET('/v1/kinds', { signal })),
      bodyOf(api.GET('/v1/bosses', { params: { query: { order: 'newest', limit: 100 } }, signal })),
    ])
    return { kinds: kinds.items, bosses: bosses.items.filter(takesMore) }
  })
  return (
    <section class="view">
      <h1>Compose</h1>
      {may('submit') ? (
        <Shown asked={asked}>{({ kinds, bosses }) => <Form kinds={kinds} bosses={bosses} boss={query['boss'] ?? ''} />}</Shown>
      ) : (
        <Empty>
          <p>This token may look, and give no instructions.</p>
        </Empty>
      )}
    </section>
  )
}

/** What was tried for whom: the rows that are there, what they would become, or why they are refused. */
type Tried = { readonly boss: string } & ({ readonly rows: readonly Resolved[] } | { readonly why: string })

function Form({ kinds, bosses, boss }: { readonly kinds: readonly Kind[]; readonly bosses: readonly Boss[]; readonly boss: string }) {
  const [kind, setKind] = useState(kinds[0]?.kind ?? '')
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({})
  const [file, setFile] = useState<Dropped>()
  const [settings, setSettings] = useState<Omit<Target, 'boss'>>({ name: '', threads: '', end: true })
  const [lately, setTried] = useState<Tried>()
  const [isBusy, setBusy] = useState(false)
  const target = { ...settings, boss: bosses.some(({ id }) => String(id) === boss) ? boss : '' }
  const own = attributesOf(kinds.find((one) => one.kind === kind) ?? { footprint: { attr: {} } })
  const tried = lately?.boss === target.boss ? lately : undefined
  const changes = useRef(0)
  // whatever is changed has not been tried, nor is it by what is under way
  const changing =
    <A extends unknown[]>(change: (...given: A) => void) =>
    (...what: A) => {
      changes.current++
      setTried(undefined)
      change(...what)
    }
  const set = changing((name: string, text: string) => setGiven((now) => ({ ...now, [name]: text })))
  const rows: readonly Row[] = file?.rows ?? [{}]
  const table = (most = Infinity) => ({
    common_instructions: { kind, ...rowOf(given, [...own, ...further]) },
    instructions: rows.slice(0, most) as Row[],
  })
  const tryOut = async (event: Event) => {
    event.preventDefault()
    const before = changes.current
    setBusy(true)
    const found = await ask((client) => dryRun(client, target, table(mostTried))).then(
      (becomes) => ({ rows: becomes }),
      (error: unknown) => ({ why: sentenceOf(error) }),
    )
    if (changes.current === before) setTried({ boss: target.boss, ...found })
    setBusy(false)
  }
  const give = async () => {
    setBusy(true)
    const to = await act(
      (client) => send(client, target, table()),
      ({ n }) => `${plural(n, 'instruction')} given.`,
    )
    setBusy(false)
    if (to) go(['bosses', to.boss])
  }
  return (
    <form class="compose" onSubmit={(event) => void tryOut(event)}>
      <h2>Who gets them</h2>
      <TargetFields key={boss} bosses={bosses} target={target} set={changing((change) => setSettings((now) => ({ ...now, ...change })))} />
      <h2>What to do</h2>
      <label>
        Kind{' '}
        <select value={kind} onChange={changing(({ currentTarget }: { currentTarget: HTMLSelectElement }) => setKind(currentTarget.value))}>
          {kinds.map((one) => (
            <option key={one.kind}>{one.kind}</option>
          ))}
        </select>
      </label>
      <Fields of={own} given={given} set={set} needed={file === undefined} />
      <details>
        <summary>Name, limits, order</summary>
        <Fields of={further} given={given} set={set} needed={false} />
      </details>
      <Drop kinds={kinds} kind={kind} file={file} taken={changing(setFile)} />
      <p class="buttons">
        <button type="submit" class={tried ? '' : 'main'} disabled={isBusy}>
          Try it out
        </button>
        <button type="button" class={tried ? 'main' : ''} disabled={isBusy || !tried || 'why' in tried} onClick={() => void give()}>
          Give {plural(rows.length, 'instruction')}
        </button>
      </p>
      {tried && ('why' in tried ? <Fault text={tried.why} /> : <Trial rows={tried.rows} of={rows.length} />)}
    </form>
  )
}

type Table = Required<Pick<NewBoss, 'common_instructions' | 'instructions'>>

const newBoss = ({ name, threads, end }: Target, table: Table): NewBoss => ({
  ...table,
  end,
  ...(name !== '' && { name }),
  ...(threads !== '' && { scheduler: { limit: 'threads', max_threads: Number(threads) } }),
})

/** What the rows would become. Nothing is stored. */
async function dryRun({ api }: Client, target: Target, table: Table): Promise<readonly Resolved[]> {
  const query = { dry_run: true }
  const tried =
    target.boss === ''
      ? bodyOf(api.POST('/v1/bosses', { params: { query }, body: newBoss(target, table) }))
      : bodyOf(api.POST('/v1/bosses/{boss}/instructions', { params: { path: { boss: target.boss }, query }, body: table }))
  return ((await tried) as { instructions: Resolved[] }).instructions
}

async function send(client: Client, target: Target, table: Table): Promise<{ readonly boss: number; readonly n: number }> {
  if (target.boss === '') return { boss: (await client.create(newBoss(target, table))).id, n: table.instructions.length }
  const params = { path: { boss: target.boss } }
  const { count } = (await bodyOf(client.api.POST('/v1/bosses/{boss}/instructions', { params, body: table }))) as Appended
  return { boss: Number(target.boss), n: count }
}
