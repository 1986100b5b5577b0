// The floor of a start: a process that has loaded what a daemon is made of, fastify and two native libraries, and has opened a database and
// a port. `node start.mjs FILE`, as one bundle, compiled beforehand; says `up` when it listens.
import koffi from 'koffi'
import Database from 'better-sqlite3'
import { fastify } from 'fastify'

const db = new Database(process.argv[2])
db.pragma('journal_mode = WAL')
koffi.load('libc.so.6')
const app = fastify()
app.get('/', async () => 'up')
await app.listen({ host: '127.0.0.1', port: 0 })
process.stdout.write('up\n')
