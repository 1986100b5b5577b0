import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { daemonVariable, pipes } from '../frames.js'
import { BadAnswer, chosenFrom, type PendingView, type PolicyView } from '../scheduler/answer.js'
import { prctl } from '../worker/libc.js'
import type { FromPolicy, Question, ToPolicy } from './messages.js'

/**
 * Runs in a process of its own, started by `process.ts` for one plugin module, whose URL is its argument: asks the policies that the module
 * defines, until the daemon is gone or ends it.
 */

type Launchable = (view: PolicyView) => unknown

const setDeathSignal = 1
const sigkill = 9
/** Characters of an error that are told. */
const mostTold = 2000

prctl(setDeathSignal, sigkill, 0, 0, 0)
if (process.ppid !== Number(process.env[daemonVariable])) process.exit(1) // the daemon died before the signal was set
// the daemon's terminal or service manager signals the whole group; the daemon decides what becomes of its processes
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined)

const url = process.argv[2] ?? ''
const module = (await import(url)) as { default?: unknown }
const policies = new Map<string, Launchable>()
for (const definition of [module.default].flat() as { scheduler?: unknown; launchable?: unknown }[])
  if (typeof definition?.launchable === 'function') policies.set(String(definition.scheduler), definition.launchable as Launchable)

/** What was told of each Boss's instructions. */
const told = new Map<number, Map<number, PendingView>>()

function take(message: ToPolicy): void {
  if ('rows' in message) {
    const rows = told.get(message.rows) ?? new Map<number, PendingView>()
    for (const item of message.items) rows.set(item.id, item)
    told.set(message.rows, rows)
  } else if ('forget' in message) told.delete(message.forget)
  else void answer(message.ask, message)
}

async function answer(no: number, question: Question): Promise<void> {
  try {
    const view = viewOf(question)
    // the policy may do with its lists what it likes
    const seen = { ...view, pending: [...view.pending], workers: [...view.workers] }
    const launchable = policies.get(question.scheduler)
    if (!launchable) throw new BadAnswer(`its module does not define a scheduler "${question.scheduler}" any more`)
    say({ begun: no })
    say({ answer: no, chosen: chosenFrom(await launchable(seen), view) })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
    // a user's error may hold anything there
    say({ fault: no, type: String(name).slice(0, mostTold), message: String(message).slice(0, mostTold) })
  }
}

function viewOf({ boss, pending, workers, settings, room }: Question): PolicyView {
  const rows = told.get(boss) ?? new Map<number, PendingView>()
  const view: PolicyView = {
    pending: pending.flatMap((id) => rows.get(id) ?? []),
    workers: workers.flatMap(([id, ticket]) => {
      const row = rows.get(id)
      return row ? [{ ...row, scheduler_ticket: ticket }] : []
    }),
    settings,
    room,
  }
  const named = new Set([...pending, ...workers.map(([id]) => id)])
  for (const id of rows.keys()) if (!named.has(id)) rows.delete(id)
  return view
}

function say(message: FromPolicy): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let at = 0; at < bytes.length; ) at += writeSync(pipes.fromHost, bytes, at)
}

const inbox = new Socket({ fd: pipes.toHost, readable: true, writable: false })
let rest: string[] = []
inbox.setEncoding('utf8')
inbox.on('data', (chunk: string) => {
  // a line may come in very many chunks
  const lines = chunk.split('\n')
  rest.push(lines.shift() ?? '')
  for (const line of lines) {
    take(JSON.parse(rest.join('')) as ToPolicy)
    rest = [line]
  }
})
inbox.on('close', () => process.exit(0))
inbox.on('error', () => undefined) // it closes then
