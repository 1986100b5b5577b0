import { follow } from '../soak/follow.ts'
import type { Random } from '../soak/random.ts'
import type { Answered, Taylord } from '../soak/taylord.ts'
import { keyOf, type Book, type Sent } from './book.ts'
import { rowsOf } from './rows.ts'

/** Rows without a report, as far as the client knows, above which it appends little. */
const backlog = 2_000

type Document = { id: number; status: string; attempts: unknown[] }

/** Clients that use a daemon until it is killed. What they are told goes into the book. */
export class Load {
  /** How many calls were answered. */
  answers = 0
  private dead = false
  private readonly daemon: Taylord
  private readonly book: Book
  private readonly log: string
  private readonly tag: string
  private n = 0

  /** @param log file that instructions write to. @param tag what makes names of this load unique. */
  constructor(daemon: Taylord, book: Book, log: string, tag: string) {
    this.daemon = daemon
    this.book = book
    this.log = log
    this.tag = tag
  }

  /** Goes on until the daemon is dead. */
  async run(random: Random): Promise<void> {
    const since = random.chance(0.1) ? 0 : Math.max(0, this.book.lastSeq - random.size(5_000))
    const socket = follow(this.daemon, since, (event, last) => {
      // nothing is kept back for one that is slow; it is read again in the end
      if (event.type !== 'gap') this.book.event(event, last)
    })
    const acts: (readonly [number, (random: Random) => Promise<void>])[] = [
      [10, (own) => this.append(own)],
      [4, (own) => this.read(own)],
      [6, (own) => this.cancelOne(own)],
      [1, (own) => this.cancelMany(own)],
      [3, (own) => this.prioritise(own)],
      [2, (own) => this.retry(own)],
      [1, (own) => this.hire(own)],
    ]
    const actor = async (own: Random, act?: (random: Random) => Promise<void>) => {
      while (!this.dead) {
        await (act ?? own.of(acts))(own)
        await new Promise((resolve) => setTimeout(resolve, own.integer(0, 5)))
      }
    }
    const signals = (own: Random) => this.signal(own)
    await Promise.all([actor(random.fork()), actor(random.fork()), actor(random.fork()), actor(random.fork(), signals)])
    socket.terminate()
  }

  /** The daemon is dead: whoever has no answer gets none. */
  end(): void {
    this.dead = true
  }

  /** @returns undefined when no answer came. */
  private async call(method: string, path: string, options?: Parameters<Taylord['call']>[2]): Promise<Answered | undefined> {
    try {
      const answer = await this.daemon.call(method, `/v1/bosses${path}`, options)
      this.answers++
      if (answer.status >= 500) this.book.breach(`${method} ${path} answered ${answer.status}: ${answer.text}`)
      return answer
    } catch {
      return undefined
    }
  }

  private kept(random: Random): number {
    const kept = [...this.book.bosses].filter(([, boss]) => boss.kept)
    return kept[random.integer(0, kept.length - 1)]?.[0] ?? 0
  }

  private size(random: Random): number {
    return random.size(this.book.rows - this.book.seenReports > backlog ? 5 : 600)
  }

  private newTag(): string {
    return `${this.tag}-${this.n++}`
  }

  private async append(random: Random): Promise<void> {
    const boss = this.kept(random)
    const rows = rowsOf(this.newTag(), this.size(random), random, this.log)
    const sent: Sent = { boss, names: rows.map(({ name }) => name as string) }
    this.book.sent.push(sent)
    const ndjson = rows.map((row) => JSON.stringify(row)).join('\n')
    const answer = await this.call('POST', `/${boss}/instructions`, random.chance(0.5) ? { ndjson } : { json: { instructions: rows } })
    if (!answer) return
    if (answer.status !== 201) return this.book.breach(`an append answered ${answer.status}: ${answer.text}`)
    const { first, count } = JSON.parse(answer.text) as { first: number; count: number }
    if (count !== rows.length) this.book.breach(`an append of ${rows.length} answered ${answer.text}`)
    sent.first = first
    this.book.rows += count
  }

  private async hire(random: Random): Promise<void> {
    const name = `h${this.newTag()}`
    const rows = rowsOf(name, this.size(random), random, this.log)
    const names = rows.map((row) => row['name'] as string)
    this.book.lostHires.set(name, names)
    const answer = await this.call('POST', '', { json: { name, instructions: rows, end: true } })
    if (!answer) return
    if (answer.status !== 201) return this.book.breach(`a hire answered ${answer.status}: ${answer.text}`)
    const { id } = JSON.parse(answer.text) as { id: number }
    this.book.lostHires.delete(name)
    this.book.bosses.set(id, { kept: false, halted: undefined })
    this.book.sent.push({ boss: id, names, first: 1 })
    this.book.rows += rows.length
  }

  private async read(random: Random): Promise<void> {
    const bosses = [...this.book.bosses.keys()]
    const boss = bosses[random.integer(0, bosses.length - 1)] ?? 0
    const after = random.chance(0.1) ? 0 : Math.max(0, this.book.lastSeq - random.size(3_000))
    if (random.chance(0.3)) {
      const answer = await this.call('GET', `/${boss}/report?after=${after}&limit=${random.size(1_000)}`)
      if (!answer) return
      // the entries as they stand there: what is parsed and written again would not be the bytes
      const { text } = answer
      const from = text.indexOf('[') + 1
      for (const line of text.slice(from, text.lastIndexOf(']')).split(/,(?=\{"seq":\d+,"instruction":)/))
        if (line) this.book.line(boss, line)
      return
    }
    const answer = await this.call('GET', `/${boss}/report?after=${after}`, { headers: { accept: 'application/x-ndjson' } })
    for (const line of answer?.text.split('\n') ?? []) if (line) this.book.line(boss, line)
  }

  /** An instruction of those that were given last. */
  private pick(random: Random): [boss: number, id: number] | undefined {
    const recent = this.book.sent.slice(-10).filter(({ first }) => first !== undefined)
    const sent = recent[random.integer(0, recent.length - 1)]
    const n = (sent?.names ?? sent?.retryOf ?? []).length
    return sent && n > 0 ? [sent.boss, (sent.first ?? 0) + random.integer(0, n - 1)] : undefined
  }

  private async cancelOne(random: Random): Promise<void> {
    const picked = this.pick(random)
    if (!picked) return
    const [boss, id] = picked
    const answer = await this.call('DELETE', `/${boss}/instructions/${id}?reason=one`)
    if (!answer || answer.status === 409) return
    const key = keyOf(boss, id)
    const { status, attempts } = JSON.parse(answer.text) as Document
    if (answer.status === 200) {
      if (status !== 'cancelled') this.book.breach(`a cancel of ${key} answered 200: ${answer.text}`)
      this.book.cancelled.add(key)
    } else if (answer.status === 202) this.book.doomed.set(key, attempts.length + (status === 'pending' ? 1 : 0))
    else this.book.breach(`a cancel of ${key} answered ${answer.status}: ${answer.text}`)
  }

  private async cancelMany(random: Random): Promise<void> {
    const reason = `many-${this.newTag()}`
    const which = random.of([
      [3, 'status=pending&kind=sleeper'],
      [2, 'kind=logging'],
      [1, 'status=working'],
      [1, 'status=pending'],
    ])
    const answer = await this.call('DELETE', `/${this.kept(random)}/instructions?${which}&reason=${reason}`)
    if (!answer) return
    if (answer.status === 200) this.book.cancelledMany.set(reason, (JSON.parse(answer.text) as { cancelled: number }).cancelled)
    else this.book.breach(`a cancel of many answered ${answer.status}: ${answer.text}`)
  }

  private async prioritise(random: Random): Promise<void> {
    const picked = this.pick(random)
    if (!picked || this.book.priorities.has(keyOf(...picked))) return
    const [boss, id] = picked
    const priority = random.integer(-9, 9)
    this.book.priorities.set(keyOf(boss, id), undefined)
    const answer = await this.call('PATCH', `/${boss}/instructions/${id}`, { json: { priority } })
    if (answer?.status === 200) this.book.priorities.set(keyOf(boss, id), priority)
    else if (answer && answer.status !== 409) this.book.breach(`a priority answered ${answer.status}: ${answer.text}`)
  }

  /** Gives some of what failed once more; each once, so that what comes of it can be told apart. */
  private async retry(random: Random): Promise<void> {
    const { bosses, failed } = this.book
    const last = failed.findLast(([boss]) => bosses.get(boss)?.kept)
    if (!last) return
    const [boss] = last
    const ids: number[] = []
    for (let at = failed.length - 1; at >= 0 && ids.length < random.size(20); at--) {
      if (failed[at]?.[0] === boss) ids.push(...failed.splice(at, 1).map(([, id]) => id))
    }
    if (ids.length === 0) return
    const sent: Sent = { boss, retryOf: ids.toSorted((a, b) => a - b) }
    this.book.sent.push(sent)
    const answer = await this.call('POST', `/${boss}/retry`, { json: { ids } })
    if (!answer) return
    if (answer.status !== 201) return this.book.breach(`a retry answered ${answer.status}: ${answer.text}`)
    const { first, count } = JSON.parse(answer.text) as { first: number; count: number }
    if (count !== ids.length) this.book.breach(`a retry of ${ids.length} answered ${answer.text}`)
    sent.first = first
    this.book.rows += count
  }

  private async signal(random: Random): Promise<void> {
    const boss = this.kept(random)
    const signal = random.chance(0.3) ? 'halt' : 'work'
    const known = this.book.bosses.get(boss)
    if (!known) return
    known.halted = undefined
    const answer = await this.call('POST', `/${boss}/${signal}`)
    if (answer?.status === 200) known.halted = signal === 'halt'
    else if (answer) this.book.breach(`${signal} answered ${answer.status}: ${answer.text}`)
    await new Promise((resolve) => setTimeout(resolve, random.integer(5, 60)))
  }
}
