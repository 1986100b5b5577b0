import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import type { Database } from 'better-sqlite3'
import { readAnswers } from './answers.js'
import { readArrays } from './arrays.js'
import { readAttempts } from './attempts.js'
import { readBodies } from './bodies.js'
import { readBosses } from './bosses.js'
import { readEvents } from './events.js'
import { readDaemon } from './daemon.js'
import { readFacts } from './facts.js'
import { readFailures } from './failures.js'
import { readInstructions } from './instructions.js'
import { openForReading } from './open.js'
import { readReports } from './reports.js'
import { readTokens } from './tokens.js'

const queries = (db: Database) => ({
  ...readBosses(db),
  ...readInstructions(db),
  ...readBodies(db),
  ...readAttempts(db),
  ...readReports(db),
  ...readFacts(db),
  ...readEvents(db),
  ...readFailures(db),
  ...readArrays(db),
  ...readTokens(db),
  ...readAnswers(db),
  ...readDaemon(db),
})

/** Every question that can be put to the store, by name. */
export type Queries = ReturnType<typeof queries>
export interface Question {
  readonly no: number
  readonly name: keyof Queries
  readonly args: readonly unknown[]
}
export type Answer = { readonly no: number; readonly value: unknown } | { readonly no: number; readonly failed: string }

const port = parentPort
if (!port) throw new Error('runs as a thread of the daemon')
const { file } = workerData as { file: string }

// the file may be in the making: whoever started this thread says when it is there
port.once('message', (first: 'open' | 'close') => (first === 'open' ? open(port) : port.close()))

function open(port: MessagePort): void {
  const db = openForReading(file)
  const ask = queries(db) as Record<string, (...args: readonly unknown[]) => unknown>
  port.on('message', (question: Question | 'close') => {
    if (question === 'close') {
      db.close()
      port.close()
      return
    }
    const { no, name, args } = question
    try {
      const value = ask[name]?.(...args)
      const lines = (value as { lines?: unknown } | undefined)?.lines
      port.postMessage({ no, value } satisfies Answer, lines instanceof Uint8Array ? [lines.buffer as ArrayBuffer] : [])
    } catch (error) {
      port.postMessage({ no, failed: (error as Error).message } satisfies Answer)
    }
  })
  // it is ready
  port.postMessage({ no: 0, value: undefined } satisfies Answer)
}
