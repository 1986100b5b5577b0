import { expect } from 'vitest'
import { lineTest as test, type Page } from '../support/daemon.js'
import { measured, scaled, spread } from '../support/scale.js'

interface Listed {
  readonly id: number
  readonly name: string
}

test('pages of a list that grows while it is read bring what was there once each, and in order', async ({ daemon }) => {
  const boss = await daemon.hire({ start: false })
  const path = `/v1/bosses/${boss.id}/instructions`
  const n = scaled(5_000, 1_000_000)
  const more = (n: number) =>
    daemon.append(boss, { common_instructions: { kind: 'noop' }, individual_instructions: { value: Array<number>(n).fill(1) } })
  await more(n)
  // a million rows held against the contract would take minutes
  const pageOf = async (query: string) => (await (await fetch(`${daemon.url}${path}?${query}`)).json()) as Page<Listed>
  const took: number[] = []
  for (let i = 0; i < scaled(1, 100); i++) {
    const asked = performance.now()
    expect((await pageOf('limit=100')).items).toHaveLength(100)
    took.push(performance.now() - asked)
  }
  measured('F21', `the first page of 100, ${n} rows: ${spread(took)}`)
  const seen: number[] = []
  let growing = Promise.resolve()
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { items, next }: Page<Listed> = await pageOf(`limit=${scaled(250, 1_000)}${after && `&after=${after}`}`)
    seen.push(...items.map(({ id }) => id))
    after = next
    // at most as many as one page holds: the reader comes to an end
    if (seen.length < n) growing = growing.then(async () => void (await more(100)))
  }
  await growing
  expect(seen.slice(0, n)).toEqual(Array.from({ length: n }, (_, i) => i + 1))
  expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 1))
})

test('pages of what is pending skip nothing while it is being carried out', async ({ daemon, log }) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 1 },
    instructions: [log.gated('first', 'g'), ...Array.from({ length: 400 }, () => ({ kind: 'noop' }))],
  })
  const path = `/v1/bosses/${boss.id}/instructions?limit=50`
  const first = await daemon.get<Page<Listed>>(`${path}&status=pending`)
  log.open('g')
  await daemon.tell(boss, 'end')
  await daemon.reportOnceOver(boss)
  // what is not pending any more is not listed as such; the list of all goes on from the same place
  const rest = await daemon.get<Page<Listed>>(`${path}&after=${first.body.next}`)
  const last = first.body.items.at(-1)?.id ?? 0
  expect(rest.body.items.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, i) => last + 1 + i))
})
