import { bodyOf, type Boss, type Client } from '../client/client.js'
import { bossOf, clientOf, nameOf, totalOf } from './connect.js'
import { coloured, instructionsText, say, sayJson } from './output.js'
import { BadUsage, type Asked } from './verb.js'

/** `taylord halt`, `work`, `end` and `stop`: tells Bosses something, one after the other. */
export async function signal(asked: Asked): Promise<number> {
  if (asked.operands.length === 0) throw new BadUsage(`${asked.verb} needs a BOSS; ${asked.help}`)
  const client = await clientOf(asked)
  for (const named of asked.operands) {
    const boss = await tell(client, asked, String(await bossOf(client, named)))
    await sayBoss(asked, boss)
  }
  return 0
}

function tell({ api }: Client, asked: Asked, boss: string): Promise<Boss> {
  const params = { path: { boss } }
  switch (asked.verb) {
    case 'halt':
      return bodyOf(api.POST('/v1/bosses/{boss}/halt', { params }))
    case 'work':
      return bodyOf(api.POST('/v1/bosses/{boss}/work', { params }))
    case 'end':
      return bodyOf(api.POST('/v1/bosses/{boss}/end', { params }))
    default:
      return bodyOf(api.POST('/v1/bosses/{boss}/stop', { params: { ...params, query: { now: asked.flag('now') } } }))
  }
}

/** A Boss in a line: its id with `-q`, its document with `--json`. */
export async function sayBoss(asked: Asked, boss: Boss): Promise<void> {
  if (asked.flag('json')) return sayJson(boss)
  if (asked.flag('quiet')) return say(`${boss.id}\n`)
  const { pending, working, succeeded, failed, cancelled } = boss.counts
  const parts = Object.entries({ pending, working, succeeded, failed, cancelled }).filter(([, count]) => count > 0)
  const counts = parts.map(([status, count]) => `${count} ${status}`).join(', ')
  await say(`${nameOf(boss)}: ${coloured(boss.status)}, ${instructionsText(totalOf(boss))}${counts && ` (${counts})`}\n`)
}
