import { bodyOf } from '../client/client.js'
import { clientOf } from './connect.js'
import { remark, say, sayJson, tableOf } from './output.js'
import { type Asked } from './verb.js'

/** `taylord kinds`: what can be hired, and which attributes it takes. */
export async function kinds(asked: Asked): Promise<number> {
  asked.exactly()
  const { items, refused } = await bodyOf((await clientOf(asked)).api.GET('/v1/kinds'))
  for (const { file, reason } of refused) remark(`left out: ${file}: ${reason}`)
  if (asked.flag('json')) for (const item of items) await sayJson(item)
  else if (asked.flag('quiet')) await say(items.map(({ kind }) => `${kind}\n`).join(''))
  else {
    const rows = items.map(({ kind, file, footprint, fault }) => [
      kind,
      attributesOf(footprint as Footprint),
      fault ? `broken: ${fault.message}` : (file ?? 'built in'),
    ])
    await say(tableOf([['KIND', 'ATTRIBUTES', 'FROM'], ...rows]))
  }
  return 0
}

/** As far as its attributes' names go. */
interface Footprint {
  readonly attr?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** Those that may be left out are in brackets. */
const attributesOf = ({ attr = {} }: Footprint) =>
  Object.entries(attr)
    .filter(([name]) => name !== 'kind')
    .map(([name, { optional }]) => (optional ? `[${name}]` : name))
    .join(' ')

/** `taylord resources`: what the machine has, and who holds it. */
export async function resources(asked: Asked): Promise<number> {
  asked.exactly()
  const resource = await bodyOf((await clientOf(asked)).api.GET('/v1/resources'))
  if (asked.flag('json')) {
    await sayJson(resource)
    return 0
  }
  const { cores, memory, memory_enforcement: enforcement, slots, places, store } = resource
  const facts = [
    ['cores', `${cores.total}`],
    ['memory', `${memory.granted.toFixed(0)} of ${memory.total.toFixed(0)} MiB granted, held by ${enforcement}`],
    ['slots', `${slots.used} of ${slots.total} used`],
    ['database', `${store.file}${store.ready ? '' : `, not ready: ${store.reason}`}`],
  ]
  await say(facts.map(([name = '', text]) => `${name.padEnd(10)}${text}\n`).join(''))
  if (places.length === 0) return 0
  const rows = places.map(({ place, boss, cores: taken, cpus, memory: held }) => [
    place,
    boss,
    taken,
    cpus.join(',') || '-',
    `${held.toFixed(0)} MiB`,
  ])
  await say(`\n${tableOf([['PLACE', 'BOSS', 'CORES', 'CPUS', 'MEMORY'], ...rows], [0, 1, 2, 4])}`)
  return 0
}
