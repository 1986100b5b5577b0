import { json, quiet, serverOptions, time, word } from './options.js'
import type { Verb } from './verb.js'

const data = { data: word('DIR', 'data directory of the daemon (TAYLORD_DATA, else taylord-data)', 'file') }

/** What looks after what a daemon keeps. */
export const upkeep: Readonly<Record<string, Verb>> = {
  prune: {
    group: 'daemon',
    summary: 'remove Bosses that are over from a running daemon',
    takes: '',
    options: {
      'older-than': word('TIME', `those go that were over before; ${time}`),
      keep: word('N', 'so many of the newest stay'),
      'max-mib': word('MIB', 'of database and outputs: the oldest go until it is no more'),
      'dry-run': { help: 'say what would go, remove nothing' },
      ...json('the answer of POST /v1/prune as JSON'),
      ...quiet(),
      ...serverOptions,
    },
    notes: `One limit is enough to go. Without any, what is beyond the limits of the daemon goes (--keep-days, --keep-bosses, --keep-mib of serve),
as it does every minute by itself. An unfinished Boss never goes.`,
    examples: ['taylord prune --older-than 30d --dry-run'],
    load: async () => (await import('./prune.js')).prune,
  },
  token: {
    group: 'daemon',
    summary: 'make, list and revoke tokens, which say who may come in',
    takes: 'create NAME | ls | revoke NAME|ID',
    options: {
      role: word(
        'ROLE',
        'read: look at everything; submit (the standard): also Bosses, instructions, arrays; admin: also tokens, prune, drain',
        ['read', 'submit', 'admin'],
      ),
      'expires-in': word('TIME', `of create: without it the token does not expire; ${time}`),
      data: word('DIR', 'data directory of the daemon (TAYLORD_DATA, else taylord-data), whether it runs or not', 'file'),
      server: word('URL', 'a daemon elsewhere (TAYLORD_URL) instead; unix:PATH is a socket'),
      'token-file': word(
        'FILE',
        'for --server: a file that holds the token of an admin (TAYLORD_TOKEN_FILE); TAYLORD_TOKEN is one itself',
        'file',
      ),
      ...json('the token with its secret, {"items": tokens}, {"revoked": NAME|ID}'),
    },
    notes: `create prints the token on stdout. It is told this once: what is kept does not give it away. As soon as there is one, expired or not, the
daemon asks everybody for a token; once the last one is revoked it lets everybody in again, on loopback and on a Unix socket.
Where there is no database it is refused; create --data DIR makes one, for a daemon that has not been started yet.
It ends with 0 when it is done, 1 when the database cannot be used, 2 when it was called wrongly or is refused, 3 when there is no such token, 4 when
the daemon cannot be reached.`,
    examples: ['taylord token create ci --role submit --expires-in 30d', 'taylord token ls'],
    load: async () => (await import('./token.js')).token,
  },
  backup: {
    group: 'daemon',
    summary: 'copy the database while the daemon runs, or while it does not',
    takes: 'FILE',
    options: { ...data, ...json('{"file", "bytes"}') },
    notes: `FILE is the database as it stands at one moment, with every Boss, instruction and report; it must not be there yet. What programs wrote
beyond their reports (DIR/outputs) and shared arrays are not in it. To restore it, stop the daemon, move DIR/taylord.db,
DIR/taylord.db-wal and DIR/taylord.db-shm away, and put FILE there as DIR/taylord.db.
It ends with 0 when FILE is there, 1 when it could not be made, 2 when it was called wrongly.`,
    examples: ['taylord backup taylord-backup.db'],
    load: async () => (await import('./database.js')).backup,
  },
  check: {
    group: 'daemon',
    summary: 'verify a database, while the daemon runs or while it does not',
    takes: '[FILE]',
    options: { ...data, ...json('{"file", "ok", "bosses", "instructions", "findings"}') },
    notes: `FILE is a database, such as a backup; default: the one of the data directory. It reads all of it: SQLite's own structures, then what must
hold of the rows (exactly one final report an instruction, each of an instruction that was appended, counts that agree). It changes nothing.
It ends with 0 when all is well, 1 when something is not, 2 when it was called wrongly.`,
    examples: ['taylord check'],
    load: async () => (await import('./database.js')).check,
  },
}
