import { bodyOf, Refused, type Client } from '../client/client.js'
import { bossOf, clientOf } from './connect.js'
import { filterOf } from './look.js'
import { remark, say, sayJson } from './output.js'
import { idsOf, selectionOf, type Cause } from './select.js'
import { sayAppended } from './submit.js'
import { BadUsage, type Asked } from './verb.js'

/** `taylord cancel BOSS [IDS]`. */
export async function cancel(asked: Asked): Promise<number> {
  const [named, ...texts] = asked.operands
  if (named === undefined) throw new BadUsage(`cancel needs a BOSS; ${asked.help}`)
  const { cause: _, ...filter } = filterOf(asked)
  const hasFilter = Object.keys(filter).length > 0
  if (texts.length > 0 && hasFilter) throw new BadUsage('IDS and filters are two ways to choose; give one')
  if (texts.length === 0 && !hasFilter && !asked.flag('all')) throw new BadUsage(`cancel needs IDS, a filter, or --all; ${asked.help}`)
  const client = await clientOf(asked)
  const boss = String(await bossOf(client, named))
  const reason = asked.text('reason')
  const why = reason === undefined ? {} : { reason }
  let [cancelled, working] = [0, 0]
  if (texts.length === 0) {
    const query = { ...(filter as { status?: 'pending' | 'working' }), ...why }
    const done = await bodyOf(client.api.DELETE('/v1/bosses/{boss}/instructions', { params: { path: { boss }, query } }))
    cancelled = done.cancelled
    working = done.working
  } else {
    let ended = 0
    for (const id of await allThere(client, boss, texts)) {
      try {
        const { data } = await client.api.DELETE('/v1/bosses/{boss}/instructions/{id}', { params: { path: { boss, id }, query: why } })
        cancelled++
        if (data?.status === 'working') working++
        if (asked.flag('quiet')) await say(`${id}\n`)
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'already-done') throw error
        ended++
      }
    }
    if (ended > 0) remark(`${ended} had ended already`)
  }
  if (asked.flag('json')) await sayJson({ cancelled, working })
  else if (!asked.flag('quiet')) {
    const which = cancelled === 0 ? '' : `: ${cancelled - working} that waited, ${working} that ran`
    await say(`${cancelled} cancelled${which}${working === 0 ? '' : '; what ran ends in its grace'}\n`)
  }
  return 0
}

/** The ids of a selection. @throws {Refused} not-found when one is not there: what is to be changed is changed as a whole, or not at all. */
async function allThere(client: Client, boss: string, texts: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  try {
    for await (const id of idsOf(client, boss, selectionOf(texts))) {
      await client.api.GET('/v1/bosses/{boss}/instructions/{id}', { params: { path: { boss, id } } })
      ids.push(id)
    }
  } catch (error) {
    throw error instanceof Refused && error.code === 'not-found'
      ? new Refused(error.status, error.code, `${error.detail}; nothing was cancelled`, error.facts)
      : error
  }
  return ids
}

/** `taylord retry BOSS [IDS]`: what failed, as new instructions. */
export async function retry(asked: Asked): Promise<number> {
  const [named, ...texts] = asked.operands
  if (named === undefined) throw new BadUsage(`retry needs a BOSS; ${asked.help}`)
  const client = await clientOf(asked)
  const boss = await bossOf(client, named)
  const into = asked.text('into')
  const causes = asked.text('cause')?.split(',') as Cause[] | undefined
  const ids: number[] = []
  if (texts.length > 0) for await (const id of idsOf(client, boss, selectionOf(texts))) ids.push(id)
  const target = into === undefined ? undefined : String(await bossOf(client, into))
  const body = { ...(causes && { causes }), ...(texts.length > 0 && { ids }), ...(target !== undefined && { into: target }) }
  const appended = await bodyOf(client.api.POST('/v1/bosses/{boss}/retry', { params: { path: { boss: String(boss) } }, body }))
  await sayAppended(asked, await client.boss(target ?? boss), appended)
  return 0
}
