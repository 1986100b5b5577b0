// A thread that commits what it is given, one transaction a message, in SQLite (WAL, synchronous=FULL): a row for each row of an append, one for
// the reports of each frame; and reads reports back.
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const rowsAtOnce = 50
const framesOfPage = 20

const db = new Database(workerData as string)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec(`CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE report (first INTEGER PRIMARY KEY, n INTEGER NOT NULL, lines BLOB NOT NULL) STRICT`)
const insertInto = (n: number) => db.prepare(`INSERT INTO row VALUES ${Array.from({ length: n }, () => '(?,?)').join(',')}`)
const [one, many] = [insertInto(1), insertInto(rowsAtOnce)]
const insertReport = db.prepare('INSERT INTO report VALUES (?, ?, ?)')
const read = db.prepare<[number], { first: number; n: number; lines: Buffer }>(
  `SELECT first, n, lines FROM report WHERE first > ? ORDER BY first LIMIT ${framesOfPage}`,
)

interface Asked {
  readonly rows?: { readonly first: number; readonly text: string }
  readonly report?: { readonly first: number; readonly n: number; readonly lines: Uint8Array }
  readonly read?: number
}

function insert(first: number, text: string): void {
  const texts = text.split('\n')
  let at = 0
  for (; at + rowsAtOnce <= texts.length; at += rowsAtOnce)
    many.run(texts.slice(at, at + rowsAtOnce).flatMap((body, i) => [first + at + i, body]))
  for (; at < texts.length; at++) one.run(first + at, texts[at])
}

/** A page of reports behind an id, each with its number. */
function pageBehind(after: number): { lines: Buffer; last: number } {
  let text = ''
  let last = after
  for (const { first, n, lines } of read.all(after)) {
    const all = lines.toString('latin1')
    for (let [id, at] = [first, 0]; id < first + n; id++) {
      const end = all.indexOf('\n', at) + 1
      text += `{"seq":${id},"instruction":${id},${all.slice(at, end)}`
      at = end
    }
    last = first + n - 1
  }
  return { lines: Buffer.from(text, 'latin1'), last }
}

parentPort?.on('message', (all: readonly Asked[]) => {
  let said: unknown = 'on disk'
  db.transaction(() => {
    for (const { rows, report, read: after } of all) {
      if (rows) insert(rows.first, rows.text)
      else if (report) insertReport.run(report.first, report.n, report.lines)
      else if (after !== undefined) said = pageBehind(after)
    }
  })()
  parentPort?.postMessage(said)
})
