import { laneOf, manyReports, renderBriefly, withoutBegun, type Reported, type Step } from '../boss/brief.js'
import { framed, isWanted, renderEvent, renderReported, type Form, type Wanted } from '../boss/event.js'
import type { Fact, Reports } from '../boss/fact.js'
import { membersOf } from '../store/facts.js'
import { Arrays, headBytes, type Message } from './whole.js'

/** A message for a follower is not longer, unless a single event is. */
export const messageBytes = 256 * 1024
/** Of what was told last so much is kept: who falls behind by less, or has read up to there, need not ask the store. */
const recentBytes = 4 * 1024 * 1024
/** What a telling takes beyond its facts: in memory, and of time for each follower as if it were bytes. */
const tellingBytes = 1024

/** What a follower is told of what happens, and how. */
export class View {
  /** The same for all that are told the same. */
  readonly key: string
  /** `wanted`, for text that has one character for each byte of its UTF-8. */
  readonly sieve: Wanted

  constructor(
    readonly wanted: Wanted,
    readonly form: Form,
  ) {
    this.key = JSON.stringify([wanted, form])
    this.sieve = { ...wanted, kinds: wanted.kinds?.map((kind) => Buffer.from(kind).toString('latin1')) }
  }

  /** Whether all that becomes of a Boss is wanted, or nothing. */
  get isWhole(): boolean {
    const { kinds, outcomes, brief } = this.wanted
    return this.form === 'array' && !kinds && !outcomes && !brief
  }

  isOf({ boss, text }: Pick<Told, 'boss' | 'text'>): boolean {
    return isWanted(this.sieve, boss, text)
  }

  /** Whether anything of a Boss can be wanted. */
  isAbout(boss: number): boolean {
    return this.wanted.bosses?.includes(boss) ?? true
  }

  bytes(texts: readonly string[], encoding: 'latin1' | 'utf8'): Uint8Array {
    return Buffer.from(framed(this.form, texts), encoding)
  }
}

/** An event, as text. */
export interface Told extends Step {
  readonly seq: number
  /** one character for each byte of its UTF-8: to decode all and encode it again would take as long as all else here */
  readonly text: string
  readonly over: boolean
  /** Many reports that become text when they are told, with others of their lane. */
  readonly frame?: Reported
}

/** Reports before they are text, which they become when the first follower is sent them. */
export interface Untold {
  readonly seq: number
  readonly reports: Reports
}

/** What is told together, as messages that all who follow the same share. */
export class Telling {
  private readonly shared = new Map<string, readonly Message[]>()
  private rendered: readonly Told[] | undefined

  /** About what it takes, in memory and of time. */
  readonly bytes: number

  /**
   * @param last seq up to which it goes, also of entries that are not among `news`.
   * @param gather makes one of several where who is told may hear of them as of one.
   */
  constructor(
    private readonly news: readonly (Told | Untold)[],
    readonly last: number,
    private readonly gather = (told: readonly Told[]) => told,
  ) {
    this.bytes = news.reduce((sum, one) => sum + ('text' in one ? one.text.length + sizeOf(one.frame) : bytesOf(one.reports)), tellingBytes)
  }

  /** @param after everything up to this seq was sent already. */
  messages(view: View, after: number): readonly Message[] {
    const mine = () => {
      const told = this.told.filter((one) => one.seq > after && view.isOf(one))
      const joined = this.gather(told)
      const messages = packed(joined, view)
      // who goes on behind a message has heard of all before its end only where each entry stands by itself
      return messages.length > 1 && joined !== told ? packed(told.map(alone), view) : messages
    }
    let shared = this.shared.get(view.key)
    if (after < (this.news[0]?.seq ?? 0)) {
      if (!shared) this.shared.set(view.key, (shared = view.isWhole ? this.whole(view) : mine()))
      return shared
    }
    // mostly it has taken some of the messages that all share
    const taken = shared?.findIndex(({ last }) => last === after) ?? -1
    return shared && taken >= 0 ? shared.slice(taken + 1) : mine()
  }

  private whole(view: View): readonly Message[] {
    const news = this.news.filter((one) => view.isAbout('text' in one ? one.boss : one.reports.boss))
    const bytes = news.reduce((sum, one) => sum + ('text' in one ? one.text.length + 1 : bytesOf(one.reports)), 0)
    const arrays = new Arrays(messageBytes, bytes)
    for (const one of news) {
      if ('text' in one) arrays.add(one.text, one.seq, one.over)
      else arrays.addReports(one.reports, one.seq)
    }
    return arrays.end()
  }

  private get told(): readonly Told[] {
    return (this.rendered ??= this.news.flatMap((one) => ('text' in one ? one : renderAll(one))))
  }
}

function packed(told: readonly Told[], view: View): Message[] {
  const messages: Message[] = []
  for (let at = 0; at < told.length; ) {
    const from = at
    for (let chars = 0; at < told.length && (at === from || chars + told[at]!.text.length <= messageBytes); at++)
      chars += told[at]!.text.length
    const part = told.slice(from, at)
    messages.push({
      body: view.bytes(
        part.map(({ text }) => text),
        'latin1',
      ),
      last: part.at(-1)?.seq ?? 0,
      over: part.some(({ over }) => over),
    })
  }
  return messages
}

/** What was told last, without a gap up to the newest. */
export class Recent {
  private readonly tellings: Telling[] = []
  private bytes = 0

  /** @param from seq up to which nothing of the log is here. */
  constructor(private from: number) {}

  add(telling: Telling): void {
    this.tellings.push(telling)
    this.bytes += telling.bytes
    while (this.bytes > recentBytes) this.drop()
  }

  /** Nobody follows. @param newest seq of the last entry of the log. */
  forget(newest: number): void {
    this.tellings.length = 0
    this.bytes = 0
    this.from = newest
  }

  /** Everything behind `seq`; undefined when that is no longer here. */
  since(seq: number): readonly Telling[] | undefined {
    if (seq < this.from) return undefined
    let at = this.tellings.length
    while (at > 0 && this.tellings[at - 1]!.last > seq) at--
    return this.tellings.slice(at)
  }

  private drop(): void {
    const telling = this.tellings.shift()
    this.bytes -= telling?.bytes ?? 0
    this.from = telling?.last ?? this.from
  }
}

const newline = 10

/** What the reports of a frame take as text, with what is between them, at most. */
const bytesOf = ({ ids, lines }: Reports) => headBytes * ids.length + lines.length

/** What becomes of a fact that has an event. @param seq of its first entry. */
export function newsOf(fact: Fact, seq: number): Told | Untold {
  if (fact.type === 'instruction.reported') return { seq, reports: fact }
  const { boss, at, type } = fact
  const text = Buffer.from(renderEvent(seq, at, boss, type, membersOf(fact))).toString('latin1')
  return {
    ...{ seq, boss, text, over: type === 'boss.over' },
    ...(type === 'instruction.started' && { begins: fact.instruction }),
    ...(type === 'instruction.retrying' && { retries: fact.instruction }),
  }
}

/** The same for who wants it brief. */
export function briefNewsOf(fact: Fact, seq: number): Told[] {
  if (fact.type === 'instruction.cancelled') return []
  if (fact.type === 'instruction.reported') return fact.ids.length < manyReports ? renderEachBriefly(fact, seq) : [frameOf(fact, seq)]
  return [newsOf(fact, seq) as Told]
}

const bytesOfLines = ({ lines }: Pick<Reports, 'lines'>) => Buffer.from(lines.buffer, lines.byteOffset, lines.length)

function renderEachBriefly(reports: Reports, first: number): Told[] {
  const { boss, at, ids, outcomes } = reports
  const bodies = bytesOfLines(reports).toString('latin1').trimEnd().split('\n')
  return bodies.map((body, row) => {
    const [id = 0, seq] = [ids[row], first + row]
    const one = {
      seq,
      at: new Date(at).toISOString(),
      boss,
      first: id,
      last: id,
      codes: outcomes[row] ?? '',
      firstBody: body,
      lastBody: body,
    }
    return { seq, boss, text: renderBriefly(one), over: false, reports: [id] }
  })
}

/** Of many only the first and the last are looked at. */
function frameOf(reports: Reports, seq: number): Told {
  const { boss, at, ids, outcomes } = reports
  const bytes = bytesOfLines(reports)
  const end = bytes.at(-1) === newline ? bytes.length - 1 : bytes.length
  const last = seq + ids.length - 1
  const frame = {
    ...{ seq: last, at: new Date(at).toISOString(), boss, first: ids[0] ?? 0, last: ids.at(-1) ?? 0, codes: outcomes },
    firstBody: bytes.toString('latin1', 0, bytes.indexOf(newline)),
    lastBody: bytes.toString('latin1', bytes.lastIndexOf(newline, end - 1) + 1, end),
  }
  return { seq: last, boss, text: '', over: false, frame, reports: ids }
}

/** What is told to who wants it brief, with the frames of each lane as one, and no beginning of what has ended. */
export function gathered(news: readonly Told[]): Told[] {
  const lanes = new Map<string, { readonly first: Reported; last: Reported; codes: string }>()
  const others: Told[] = []
  for (const one of withoutBegun(news)) {
    const { frame } = one
    if (!frame) {
      others.push(one)
      continue
    }
    const key = laneOf(frame)
    const lane = lanes.get(key)
    if (lane) {
      lane.last = frame
      lane.codes += frame.codes
    } else lanes.set(key, { first: frame, last: frame, codes: frame.codes })
  }
  const joined = [...lanes.values()].map(({ first: { first, firstBody }, last, codes }) => rendered({ ...last, first, firstBody, codes }))
  return [...others, ...joined].sort((one, other) => one.seq - other.seq)
}

const rendered = (frame: Reported): Told => ({ seq: frame.seq, boss: frame.boss, text: renderBriefly(frame), over: false })

const alone = (told: Told): Told => (told.frame ? rendered(told.frame) : told)

const sizeOf = (frame: Reported | undefined) => (frame ? frame.firstBody.length + frame.lastBody.length + frame.codes.length : 0)

function renderAll({ seq, reports: { boss, at, ids, lines } }: Untold): Told[] {
  const time = new Date(at).toISOString()
  const bodies = bytesOfLines({ lines }).toString('latin1').trimEnd().split('\n')
  return bodies.map((body, row) => ({
    seq: seq + row,
    boss,
    text: renderReported(seq + row, time, boss, ids[row] ?? 0, body),
    over: false,
  }))
}
