// A thread that does what no durable server is without: each message is a list of texts, one transaction of it in SQLite (WAL, synchronous=FULL).
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

const db = new Database(workerData as string)
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.exec('CREATE TABLE text (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT')
const insert = db.prepare('INSERT INTO text (body) VALUES (?)')
const commit = db.transaction((texts: readonly string[]) => {
  for (const text of texts) insert.run(text)
})

parentPort?.on('message', (texts: readonly string[]) => {
  commit(texts)
  parentPort?.postMessage('on disk')
})
