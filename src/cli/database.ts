import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { backUp, NoBackup } from '../store/backup.js'
import { checkDatabase } from '../store/check.js'
import { openToLook } from '../store/open.js'
import { UnusableDatabase } from '../store/unusable.js'
import { remark, say, sayJson } from './output.js'
import { BadUsage, type Asked } from './verb.js'

/** `taylord backup FILE`. */
export async function backup(asked: Asked): Promise<number> {
  return told(async () => {
    const [file = ''] = asked.exactly('one FILE to write')
    const bytes = await backUp(databaseOf(asked), resolve(file))
    await (asked.flag('json') ? sayJson({ file: resolve(file), bytes }) : say(`${file}: ${(bytes / 2 ** 20).toFixed(1)} MiB\n`))
    return 0
  })
}

/** `taylord check`. */
export async function check(asked: Asked): Promise<number> {
  return told(async () => {
    const [given] = asked.atMost('one FILE')
    const file = given === undefined ? databaseOf(asked) : resolve(given)
    const { bosses, instructions, findings } = look(file)
    const ok = findings.length === 0
    if (asked.flag('json')) await sayJson({ file, ok, bosses, instructions, findings })
    else if (ok) await say(`${file}: all is well, ${bosses} Bosses with ${instructions} instructions\n`)
    else {
      await say(`${file}: ${findings.length} findings\n${findings.map((finding) => `  ${finding}\n`).join('')}`)
      await say('Stop the daemon, keep this file, and restore a backup (taylord backup --help tells how)\n')
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

function databaseOf(asked: Asked): string {
  const dir = asked.text('data') ?? (process.env['TAYLORD_DATA'] || 'taylord-data')
  if (!existsSync(dir) || !statSync(dir).isDirectory())
    throw new BadUsage(`there is no directory ${dir}; --data DIR says where the daemon has its data`)
  return join(resolve(dir), 'taylord.db')
}

/** Says on stderr why a database cannot be used. @returns 1 then. */
export async function told(act: () => Promise<number>): Promise<number> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof UnusableDatabase || error instanceof NoBackup)) throw error
    remark(`taylord: ${error.message}`)
    return 1
  }
}
