import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backUp, NoBackup } from '../store/backup.js'
import { checkDatabase } from '../store/check.js'
import { openToLook } from '../store/open.js'
import { UnusableDatabase } from '../store/unusable.js'
import { BadUsage } from './arguments.js'

/** Text of `taylord backup --help`. */
export const backupHelp = `taylord backup FILE: copy the database while the daemon runs, or while it does not

Usage:
  taylord backup FILE [--data DIR] [--json]

  --data DIR  data directory of the daemon (TAYLORD_DATA, else taylord-data)
  --json      print {"file", "bytes"} as JSON

FILE is the database as it stands at one moment, with every Boss, instruction and report; it must not be there yet. What programs wrote
beyond their reports (DIR/outputs) and shared arrays are not in it. To restore it, stop the daemon, move DIR/taylord.db,
DIR/taylord.db-wal and DIR/taylord.db-shm away, and put FILE there as DIR/taylord.db.
It ends with 0 when FILE is there, 1 when it could not be made, 2 when it was called wrongly.`

/** Text of `taylord check --help`. */
export const checkHelp = `taylord check: verify a database, while the daemon runs or while it does not

Usage:
  taylord check [FILE] [--data DIR] [--json]

  FILE        a database, such as a backup; default: the one of the data directory
  --data DIR  data directory of the daemon (TAYLORD_DATA, else taylord-data)
  --json      print {"file", "ok", "bosses", "instructions", "findings"} as JSON

It reads all of the file: SQLite's own structures, then what must hold of the rows (exactly one final report an instruction, each of an
instruction that was appended, counts that agree). It changes nothing.
It ends with 0 when all is well, 1 when something is not, 2 when it was called wrongly.`

const options = { data: { type: 'string' }, json: { type: 'boolean' } } as const

/**
 * `taylord backup FILE`.
 * @param data data directory when none is given.
 * @returns the exit code.
 */
export async function backup(args: readonly string[], data: string): Promise<number> {
  return told(async () => {
    const { values, positionals } = parsed(args, 'backup')
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) throw new BadUsage('backup takes one FILE to write; taylord backup --help tells more')
    const bytes = await backUp(databaseOf(values.data ?? data), resolve(file))
    const said = values.json ? JSON.stringify({ file: resolve(file), bytes }) : `${file}: ${(bytes / 2 ** 20).toFixed(1)} MiB`
    process.stdout.write(`${said}\n`)
    return 0
  })
}

/**
 * `taylord check`.
 * @param data data directory when none is given.
 * @returns the exit code.
 */
export async function check(args: readonly string[], data: string): Promise<number> {
  return told(() => {
    const { values, positionals } = parsed(args, 'check')
    const [given, ...more] = positionals
    if (more.length > 0) throw new BadUsage('check takes one FILE at most; taylord check --help tells more')
    const file = given === undefined ? databaseOf(values.data ?? data) : resolve(given)
    const { bosses, instructions, findings } = look(file)
    const ok = findings.length === 0
    if (values.json) process.stdout.write(`${JSON.stringify({ file, ok, bosses, instructions, findings })}\n`)
    else if (ok) process.stdout.write(`${file}: all is well, ${bosses} Bosses with ${instructions} instructions\n`)
    else {
      process.stdout.write(`${file}: ${findings.length} findings\n${findings.map((finding) => `  ${finding}\n`).join('')}`)
      process.stdout.write('Stop the daemon, keep this file, and restore a backup (taylord backup --help tells how)\n')
    }
    return ok ? 0 : 1
  })
}

interface Looked {
  readonly bosses: number | null
  readonly instructions: number | null
  readonly findings: readonly string[]
}

function look(file: string): Looked {
  try {
    const db = openToLook(file)
    const number = (sql: string) => Number(db.prepare(sql).pluck().get())
    try {
      const findings = checkDatabase(db)
      if (findings.length > 0) return { bosses: null, instructions: null, findings }
      return {
        findings,
        bosses: number("SELECT count(*) FROM boss WHERE status IS NOT 'removed'"),
        instructions: number('SELECT coalesce(sum(last - first + 1), 0) FROM append'),
      }
    } finally {
      db.close()
    }
  } catch (error) {
    return { bosses: null, instructions: null, findings: [(error as Error).message] }
  }
}

function databaseOf(dir: string): string {
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new BadUsage(`there is no directory ${dir}; --data DIR says where the daemon has its data`)
  return join(resolve(dir), 'taylord.db')
}

function parsed(args: readonly string[], verb: string) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
  } catch (error) {
    throw new BadUsage(`${(error as Error).message.split(/\.\s/)[0]}; taylord ${verb} --help lists its options`)
  }
}

async function told(act: () => number | Promise<number>): Promise<number> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof BadUsage || error instanceof UnusableDatabase || error instanceof NoBackup)) throw error
    process.stderr.write(`taylord: ${error.message}\n`)
    return error instanceof BadUsage ? 2 : 1
  }
}
