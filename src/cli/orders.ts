import { bodyOf, Refused, type Appended, type Boss, type Client } from '../client/client.js'
import { bossOf, clientOf, nameOf } from './connect.js'
import { waitForOne } from './follow.js'
import { filterOf } from './look.js'
import { instructionsText, remark, say, sayJson } from './output.js'
import { idsOf, selectionOf, type Cause } from './select.js'
import { pathOf, removed, sayAppended } from './submit.js'
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

/** `taylord retry BOSS [IDS]`: what failed, as new instructions, of a new Boss where it takes none any more. */
export async function retry(asked: Asked): Promise<number> {
  const [named, ...texts] = asked.operands
  if (named === undefined) throw new BadUsage(`retry needs a BOSS; ${asked.help}`)
  const client = await clientOf(asked)
  const source = await client.boss(await bossOf(client, named))
  const causes = asked.text('cause')?.split(',') as Cause[] | undefined
  const ids: number[] = []
  if (texts.length > 0) for await (const id of idsOf(client, source.id, selectionOf(texts))) ids.push(id)
  const body = { ...(causes && { causes }), ...(texts.length > 0 && { ids }) }
  const again = (into: Boss) =>
    bodyOf(client.api.POST('/v1/bosses/{boss}/retry', { ...pathOf(source.id), body: { ...body, into: String(into.id) } }))
  const there = await targetOf(client, source, asked.text('into'))
  const [target, appended] = there ? [there, await again(there)] : await intoNew(client, source, asked.text('into'), again)
  if (asked.flag('wait') && target) {
    if (!asked.flag('quiet')) remark(`${nameOf(target)} has ${instructionsText(appended.count)} of Boss ${source.id}`)
    return waitForOne(asked, client, target.id)
  }
  if (asked.flag('json')) await sayJson({ ...appended, ...(target && { boss: target.id }) })
  else if (target) await sayAppended(asked, target, appended)
  else if (!asked.flag('quiet')) await say(`${nameOf(source)}: nothing that failed and was not given again\n`)
  return 0
}

/** The Boss that gets them, where it is there and takes instructions, or was named. */
async function targetOf(client: Client, source: Boss, into: string | undefined): Promise<Boss | undefined> {
  const isOpen = (source.status === 'working' || source.status === 'halted') && !source.ending
  if (into === undefined) return isOpen ? source : undefined
  try {
    return await client.boss(await bossOf(client, into))
  } catch (error) {
    if (error instanceof Refused && error.status === 404 && !/^\d+$/.test(into)) return undefined
    throw error
  }
}

/** Gives them to a new Boss, which is as the old one was, and is over when they are done; there is none when there is nothing for it. */
async function intoNew(
  client: Client,
  { scheduler, on_error, verbose, maxlenreport, retry: policy }: Boss,
  name: string | undefined,
  again: (into: Boss) => Promise<Appended>,
): Promise<[Boss | undefined, Appended]> {
  const like = { scheduler, on_error, verbose, maxlenreport, ...(policy && { retry: policy }), ...(name !== undefined && { name }) }
  // nothing of it may be over before it is ended
  const made = await client.create({ ...like, start: false })
  let appended
  try {
    appended = await again(made)
  } catch (error) {
    await removed(client, made.id)
    throw error
  }
  if (appended.count === 0) {
    await removed(client, made.id)
    return [undefined, appended]
  }
  await client.api.POST('/v1/bosses/{boss}/end', pathOf(made.id))
  return [await bodyOf(client.api.POST('/v1/bosses/{boss}/work', pathOf(made.id))), appended]
}
