import { readFileSync } from 'node:fs'
import type { Taylord } from '../soak/taylord.ts'
import { keyOf, type Book, type Sent } from './book.ts'
import { formOf } from './rows.ts'

interface Attempt {
  readonly attempt: number
  readonly outcome?: string
  readonly cause?: string
}
interface Document {
  readonly id: number
  readonly name: string
  readonly status: string
  readonly priority: number
  readonly retry_of?: number
  readonly attempts: readonly Attempt[]
}
interface Entry extends Attempt {
  readonly instruction: number
  readonly name: string
  readonly report: unknown
  readonly outcome: string
  readonly error?: { readonly message: string }
}

/** Holds against the book what a daemon says when all is over. What does not agree is a breach of the book. */
export async function judge(daemon: Taylord, book: Book, log: string): Promise<{ instructions: number; lost: number; attempts: number }> {
  const begun = new Map<string, number>()
  for (const line of readFileSync(log, 'utf8').split('\n')) if (line.startsWith('+ ')) count(begun, line.slice(2))
  const sums = { instructions: 0, lost: 0, attempts: 0 }
  const once = new Map<string, { goes: number; succeeded: number }>()
  const manyCancelled = new Map<string, number>()
  for (const boss of book.bosses.keys()) {
    const documents = await documentsOf(daemon, boss)
    const entries = await entriesOf(daemon, boss, book)
    sums.instructions += documents.size
    sums.lost += tables(book, boss, documents)
    for (const entry of entries.values()) {
      if (!documents.has(entry.instruction)) book.breach(`${keyOf(boss, entry.instruction)} has a report and is not there`)
      if (entry.error?.message.startsWith('many-')) count(manyCancelled, entry.error.message)
    }
    for (const document of documents.values()) {
      const entry = entries.get(document.id)
      if (!entry) book.breach(`${keyOf(boss, document.id)} has no report: ${JSON.stringify(document)}`)
      else one(book, keyOf(boss, document.id), document, entry)
      sums.attempts += document.attempts.length
      if (!formOf(document.name)?.once) continue
      const { goes, succeeded } = once.get(document.name) ?? { goes: 0, succeeded: 0 }
      once.set(document.name, { goes: goes + 1, succeeded: succeeded + (document.status === 'succeeded' ? 1 : 0) })
    }
  }
  // what is given again after a failure has the name of the first one
  for (const [name, { goes, succeeded }] of once) {
    const times = begun.get(name) ?? 0
    if (times > goes || times < succeeded)
      book.breach(`${name} began ${times} times; it was given ${goes} times and succeeded ${succeeded} times`)
  }
  for (const [reason, n] of book.cancelledMany) {
    const ended = manyCancelled.get(reason) ?? 0
    if (ended > n) book.breach(`${ended} ended by the cancel ${reason}, which was answered with ${n}`)
    const told = book.cancelEvents.get(reason) ?? 0
    if (told > n || told < ended) book.breach(`${told} events of the cancel ${reason}, which ended ${ended} and was answered with ${n}`)
  }
  return sums
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)

async function documentsOf(daemon: Taylord, boss: number): Promise<Map<number, Document>> {
  const documents = new Map<number, Document>()
  for (let after = ''; ; ) {
    const path = `/v1/bosses/${boss}/instructions?limit=5000${after && `&after=${encodeURIComponent(after)}`}`
    const { items, next } = await daemon.ask<{ items: Document[]; next?: string }>('GET', path)
    for (const document of items) documents.set(document.id, document)
    if (next === undefined) return documents
    after = next
  }
}

async function entriesOf(daemon: Taylord, boss: number, book: Book): Promise<Map<number, Entry>> {
  const { text } = await daemon.call('GET', `/v1/bosses/${boss}/report`, { headers: { accept: 'application/x-ndjson' } })
  const entries = new Map<number, Entry>()
  for (const line of text.split('\n').filter(Boolean)) {
    book.line(boss, line)
    const entry = JSON.parse(line) as Entry
    if (entries.has(entry.instruction)) book.breach(`two reports of ${keyOf(boss, entry.instruction)}: ${line}`)
    entries.set(entry.instruction, entry)
  }
  return entries
}

/** Each table is there as it was acknowledged; one without an answer as a whole or not at all. @returns how many of the latter are there. */
function tables(book: Book, boss: number, documents: ReadonlyMap<number, Document>): number {
  const unclaimed = new Map(documents)
  const claim = (sent: Sent, first: number, what: string) => {
    for (const [at, expected] of (sent.names ?? sent.retryOf ?? []).entries()) {
      const document = unclaimed.get(first + at)
      const found = sent.names ? document?.name : document?.retry_of
      if (found !== expected) book.breach(`${keyOf(boss, first + at)} should be ${expected} of ${what}; it is ${found}`)
      unclaimed.delete(first + at)
    }
  }
  const ours = book.sent.filter((sent) => sent.boss === boss)
  for (const sent of ours) if (sent.first !== undefined) claim(sent, sent.first, 'an acknowledged append')
  let there = 0
  for (const sent of ours.filter(({ first }) => first === undefined)) {
    const head = (sent.names ?? sent.retryOf)?.[0]
    const first = [...unclaimed.values()].find((document) => (sent.names ? document.name : document.retry_of) === head)
    if (!first) continue
    claim(sent, first.id, 'an append without an answer')
    there++
  }
  for (const { id, name } of unclaimed.values()) book.breach(`${keyOf(boss, id)} ${name} belongs to no append that was sent as a whole`)
  return there
}

function one(book: Book, key: string, document: Document, entry: Entry): void {
  const breach = (what: string) => book.breach(`${key} ${what}: ${JSON.stringify({ document, entry })}`)
  const { attempts } = document
  const last = attempts.at(-1)
  if (document.status !== entry.outcome) breach('has a report that is not its status')
  if (attempts.some(({ attempt }, at) => attempt !== at + 1)) breach('has a hole in its attempts')
  if (last?.attempt !== entry.attempt || last.outcome !== entry.outcome) breach('has a last attempt that is not its report')
  if (attempts.slice(0, -1).some(({ outcome }) => outcome !== 'failed')) breach('was tried again although it had not failed')
  for (const attempt of book.started.get(key) ?? []) if (attempt > attempts.length) breach(`began attempt ${attempt}, which is not there`)
  const retried = [...(book.retrying.get(key) ?? [])].toSorted((a, b) => a - b)
  if (
    retried.join() !==
    attempts
      .slice(0, -1)
      .map(({ attempt }) => attempt)
      .join()
  )
    breach(`has events of further tries after ${retried.join()}`)

  if (book.cancelled.has(key) && (entry.outcome !== 'cancelled' || entry.cause !== 'requested')) breach('was cancelled for good and is not')
  const most = book.doomed.get(key)
  if (most !== undefined && attempts.length > most) breach(`was tried again after its cancel in attempt ${most}`)
  const priority = book.priorities.get(key)
  if (priority !== undefined && document.priority !== priority) breach(`was given the priority ${priority}`)

  const form = formOf(document.name)
  if (!form) return breach('has a name that was never sent')
  const asExpected = entry.outcome === form.outcome && (entry.cause ?? '') === (form.cause ?? '')
  const lost = form.once && entry.outcome === 'failed' && entry.cause === 'lost'
  if (!asExpected && !lost && entry.outcome !== 'cancelled') breach('ended as it cannot')
  if (document.name.endsWith('.n') && asExpected && entry.report !== Number(document.name.split('.').at(-2)))
    breach('has the report of another')
  const policy = attempts.filter(({ cause }) => cause !== undefined && cause === form.retry?.cause).length
  const unlost = attempts.slice(0, -1).filter(({ cause }) => cause !== 'lost' && cause !== form.retry?.cause)
  if (unlost.length > 0 || policy > (form.retry?.attempts ?? 1)) breach('was tried more often than its policy says')
  if (form.once && attempts.length > 1) breach('was tried again although it must not')
}
