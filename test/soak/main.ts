// Holds taylord against what users of such systems suffered, at full size: docs/testing.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { crash } from '../crash/soak.ts'
import { failures } from './failures.ts'
import { kill } from './kill.ts'
import { long } from './long.ts'
import type { Outcome, Part } from './part.ts'
import { race } from './race.ts'
import { seedOf } from './random.ts'
import { slurm } from './slurm.ts'

const parts: Readonly<Record<string, Part>> = { crash, kill, race, long, failures, slurm }

const units = [...new Set(Object.values(parts).map(({ unit }) => unit))]
const help = `Usage: npm run soak -- [PART…] [options]

Runs these parts one after the other, all of them when none is named:
${Object.entries(parts)
  .map(([name, part]) => `  ${name.padEnd(8)} ${part.help} (--${part.unit} ${part.size})`)
  .join('\n')}

Options:
  --seed N   what is asked and when; TAYLORD_SEED does the same; a new one when absent
${units.map((unit) => `  --${unit} N`).join('\n')}
  --help

It ends with 1 when anything is not as it must be.`

async function main(): Promise<number> {
  const options = Object.fromEntries([...units, 'seed'].map((unit) => [unit, { type: 'string' as const }]))
  let given
  try {
    given = parseArgs({ options: { ...options, help: { type: 'boolean' } }, allowPositionals: true })
    for (const [option, value] of Object.entries(given.values)) {
      if (typeof value === 'string' && !/^\d+$/.test(value)) throw new Error(`--${option} must be a whole number; it is ${String(value)}`)
    }
    const unknown = given.positionals.find((name) => !parts[name])
    if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${Object.keys(parts).join(', ')}`)
  } catch (error) {
    console.error(`${(error as Error).message}; npm run soak -- --help says more`)
    return 2
  }
  const { positionals } = given
  const values: Readonly<Record<string, unknown>> = given.values
  if (values['help'] === true) {
    console.log(help)
    return 0
  }
  const seed = typeof values['seed'] === 'string' ? Number(values['seed']) : seedOf()
  let breaches = 0
  for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
    const part = parts[name]
    if (!part) continue
    const size = Number(values[part.unit] ?? part.size)
    console.log(`${name}: ${size} ${part.unit}, seed ${seed}`)
    const outcome = await runPart(part, seed, size)
    for (const [what, figure] of Object.entries(outcome.figures)) console.log(`  ${what.padEnd(34)} ${String(figure).padStart(12)}`)
    for (const breach of outcome.breaches) console.log(`  BREACH ${breach}`)
    breaches += outcome.breaches.length
  }
  console.log(breaches === 0 ? 'nothing lost, nobody stuck' : `${breaches} breaches`)
  return breaches === 0 ? 0 : 1
}

async function runPart(part: Part, seed: number, size: number): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'taylord-soak-'))
  const began = performance.now()
  const say = (progress: string) => {
    if (process.stderr.isTTY) process.stderr.write(`\r  ${progress}\x1b[K`)
  }
  try {
    const { breaches, figures } = await part.run({ seed, size, dir, say })
    return { breaches, figures: { ...figures, seconds: ((performance.now() - began) / 1000).toFixed(1) } }
  } catch (error) {
    return { breaches: [String((error as Error).stack)], figures: {} }
  } finally {
    say('')
    rmSync(dir, { recursive: true, force: true })
  }
}

process.exitCode = await main()
