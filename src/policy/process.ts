import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { daemonVariable, pipes } from '../frames.js'
import { cleanEnvironment } from '../processes.js'
import type { Chosen } from '../scheduler/answer.js'
import { parseFromPolicy, type FromPolicy, type Question } from './messages.js'

const policyMain = fileURLToPath(new URL('./main.js', import.meta.url))
/** What a policy gets for an answer. */
const answerMs = 1_000
/** What its module gets to be imported, and each page of rows to be taken in. */
const beginMs = 10_000
const late = `did not listen for ${beginMs / 1000} s`
/** How long a pipe may stay open after its process has gone. */
const lingerMs = 200
const tailBytes = 2048
/** Bytes of a line: an answer that names 10,000 with their tickets takes a tenth of it. */
const longestLine = 4 * 1024 * 1024

/** A user's policy gave no answer that can be used. */
export class PolicyFault extends Error {
  /** @param type what happened, as an error's name. @param message for a person. */
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message)
    this.name = 'PolicyFault'
  }
}

/** A question, and where the rows are that it is about. */
export interface Asking extends Question {
  /** Instructions as JSON texts, a page at a time. One that is gone meanwhile may be missing. */
  rowsOf(ids: readonly number[]): AsyncIterable<readonly string[]>
}

type Log = { debug(facts: object, message: string): void; warn(facts: object, message: string): void }

/** One process that asks the policies of one module. It answers one question at a time, and whoever is to blame is known. */
export class PolicyProcess {
  /** What it was told of, by Boss. */
  private readonly told = new Map<number, ReadonlySet<number>>()
  private readonly child: ChildProcess
  private readonly toIt: Writable
  /** Rejects when the process has ended. */
  private readonly ended: Promise<never>
  private hear: (said: FromPolicy) => void = () => undefined
  private no = 0
  private over = false

  /** @param module URL. */
  constructor(
    readonly module: string,
    private readonly log: Log,
  ) {
    this.child = spawn(process.execPath, [policyMain, module], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
      env: environment(),
    })
    this.toIt = this.child.stdio[pipes.toHost] as Writable
    this.ended = this.attach(this.child)
    this.ended.catch(() => undefined) // told to whoever waits
  }

  /** It cannot be asked any more. */
  get isOver(): boolean {
    return this.over
  }

  /** Whether it was told of no Boss that still wants it. */
  get isIdle(): boolean {
    return this.told.size === 0
  }

  /**
   * Asks; called only when the last question was answered.
   * @throws {PolicyFault} the policy threw, took more than 1 s, ended its process or handed back nonsense. But for a throw and nonsense the
   * process is gone then.
   */
  ask(asking: Asking): Promise<readonly Chosen[]> {
    return Promise.race([this.ended, this.talk(asking)])
  }

  forget(boss: number): void {
    if (this.told.delete(boss) && !this.over) this.toIt.write(`{"forget":${boss}}\n`)
  }

  /** Ends it, and what it started in its process group. */
  kill(): void {
    if (this.over) return
    this.over = true
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL')
    } catch {
      // it is gone
    }
  }

  private async talk({ rowsOf, ...question }: Asking): Promise<readonly Chosen[]> {
    const ask = ++this.no
    let began = () => undefined as void
    const begun = new Promise<void>((resolve) => (began = resolve))
    const answer = new Promise<readonly Chosen[]>((resolve, reject) => {
      this.hear = (said) => {
        if ('begun' in said && said.begun === ask) began()
        else if ('answer' in said && said.answer === ask) resolve(said.chosen)
        else if ('fault' in said && said.fault === ask) reject(new PolicyFault(said.type, said.message))
      }
    })
    answer.catch(() => undefined) // it may be thrown while this still waits for something else
    const all = [...question.pending, ...question.workers.map(([id]) => id)]
    const known = this.told.get(question.boss)
    this.told.set(question.boss, new Set(all))
    const put = (text: string) => this.within(beginMs, this.write(text), late)
    for await (const items of rowsOf(known ? all.filter((id) => !known.has(id)) : all))
      await put(`{"rows":${question.boss},"items":[${items.join(',')}]}\n`)
    await put(`${JSON.stringify({ ask, ...question })}\n`)
    await this.within(beginMs, Promise.race([begun, answer]), late)
    return this.within(answerMs, answer, `gave no answer within ${answerMs / 1000} s`)
  }

  private async write(text: string): Promise<void> {
    if (!this.toIt.write(text)) await once(this.toIt, 'drain')
  }

  private within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const expire = () => {
        this.kill()
        reject(new PolicyFault('PolicyTimeout', `it ${what}; its process was ended`))
      }
      // a turn more, for this process itself may have been busy all the while
      const timer = setTimeout(() => setImmediate(expire), ms)
      promise.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }

  private attach(child: ChildProcess): Promise<never> {
    let tail = Buffer.alloc(0)
    let rest: string[] = []
    let restBytes = 0
    child.stdio[pipes.fromHost]?.on('data', (chunk: Buffer) => {
      const [first = '', ...lines] = chunk.toString('latin1').split('\n')
      restBytes += first.length
      if (restBytes > longestLine) {
        if (!this.over) this.log.warn({ module: this.module }, "what a policy's process said has no end")
        this.kill()
        rest = []
        return
      }
      rest.push(first)
      for (const next of lines) {
        this.read(Buffer.from(rest.join(''), 'latin1').toString())
        rest = [next]
        restBytes = next.length
      }
    })
    for (const pipe of [this.toIt, child.stdio[pipes.fromHost]]) pipe?.on('error', () => undefined) // its end says it all
    child.stdout?.on('data', (chunk: Buffer) => this.log.debug({ module: this.module, text: chunk.toString() }, 'a policy wrote to stdout'))
    child.stderr?.on('data', (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk]).subarray(-tailBytes)
      this.log.debug({ module: this.module, text: chunk.toString() }, 'a policy wrote to stderr')
    })
    return new Promise((_, reject) => {
      const end = (how: string) => {
        if (!this.over) this.log.warn({ module: this.module }, `a policy's process is gone: ${how}`)
        this.kill()
        reject(new PolicyFault('PolicyExited', `its process is gone: ${how}`))
      }
      child.once('error', (error) => end(error.message))
      const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
      child.once('exit', (code, signal) => {
        // what it wrote before its death comes first; only something that inherited a pipe keeps it open
        void Promise.race([closed, sleep(lingerMs, undefined, { ref: false })]).then(() => {
          const said = tail.toString().trim()
          end(`it ended with ${signal ?? `exit code ${code}`}${said && `: ${said}`}`)
        })
      })
    })
  }

  private read(line: string): void {
    try {
      this.hear(parseFromPolicy(line))
    } catch (error) {
      this.log.warn({ module: this.module, err: error }, "what a policy's process said is no answer")
      this.kill()
    }
  }
}

function environment(): NodeJS.ProcessEnv {
  return { ...cleanEnvironment(), [daemonVariable]: String(process.pid) }
}
