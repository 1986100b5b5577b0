import { bodyOf, type components } from '../client/client.js'
import { clientOf } from './connect.js'
import { say, sayJson } from './output.js'
import type { Asked } from './verb.js'

type Pruned = components['schemas']['Pruned']

/** `taylord prune`. */
export async function prune(asked: Asked): Promise<number> {
  asked.exactly()
  const [seconds, keep, mib] = [asked.seconds('older-than'), numberOf(asked, 'keep'), numberOf(asked, 'max-mib')]
  const body = {
    dry_run: asked.flag('dry-run'),
    ...(seconds !== undefined && { older_than: seconds }),
    ...(keep !== undefined && { keep }),
    ...(mib !== undefined && { max_bytes: mib * 2 ** 20 }),
  }
  const pruned = await bodyOf((await clientOf(asked)).api.POST('/v1/prune', { body }))
  if (asked.flag('json')) await sayJson(pruned)
  else await say(asked.flag('quiet') ? pruned.items.map(({ id }) => `${id}\n`).join('') : textOf(pruned))
  return 0
}

const numberOf = (asked: Asked, name: string) => asked.number(name, { least: 0, whole: true })

function textOf({ dry_run: dryRun, bosses, bytes, items }: Pruned): string {
  const lines = items.map(
    ({ id, name, status, over_at: overAt, bytes: size }) => `${id} ${name ?? '-'} ${status} ${overAt} ${mibOf(size)}\n`,
  )
  const more = bosses > items.length ? `… and ${bosses - items.length} more\n` : ''
  return `${lines.join('')}${more}${dryRun ? 'would remove' : 'removed'} ${bosses} Bosses, about ${mibOf(bytes)}\n`
}

const mibOf = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
