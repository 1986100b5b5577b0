// Compresses the installed dependencies on all cores and checks the work with sha256sum: `npm run demo`.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from './demo/client.mjs'
import { startDaemon } from './demo/daemon.mjs'
import { chooseFiles } from './demo/files.mjs'
import { carryOut } from './demo/job.mjs'
import { aboveZero, readOptions } from './demo/options.mjs'
import { showOn } from './demo/show.mjs'
import { byHand, tableOf } from './demo/table.mjs'
import { megabytes } from './demo/text.mjs'

const dependencies = fileURLToPath(new URL('../node_modules', import.meta.url))
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 }

const help = `Usage: npm run demo -- [--megabytes N] [--crew slurm]

Compresses the installed dependencies on all cores and checks the work with sha256sum, with a daemon of its own.

  --megabytes N   of the largest files to take; 60 without it
  --crew slurm    on the cluster whose Slurm this machine belongs to; TMPDIR must be a directory that all nodes see
  --help`
const { megabytes: wanted, crew } = readOptions(help, {
  megabytes: { type: 'string', default: '60' },
  crew: { type: 'string', default: 'local' },
})
const bytesWanted = aboveZero('megabytes', wanted) * 1e6

/** @returns the exit code. */
async function demo({ listening }, files) {
  const url = await listening
  const client = new Client(url)
  const cpus = await coresOf(client)
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  console.log(`${url}: ${cpus.length} cores, ${files.length} files of ${megabytes(bytes)} together\n`)
  const show = showOn(process.stdout)
  const compression = await carryOut(
    client,
    { name: 'brotli', crew, cpus, files, instructionFor: ({ path }) => ({ kind: 'brotli', path }) },
    show,
  )
  const instructionFor = ({ path }) => ({ kind: 'command', program: 'sha256sum', args: [path] })
  const digests = await carryOut(client, { name: 'sha256sum', crew, cpus, files, instructionFor }, show)

  const failed = [...compression.entries, ...digests.entries].filter(({ outcome }) => outcome !== 'succeeded')
  for (const { kind, name, error } of failed) console.error(`${kind} ${name}: ${error?.message}`)
  if (failed.length > 0) return 1
  console.log(`\n${tableOf(files, compression, digests)}\n`)
  const different = files.filter((_, at) => !digests.entries[at].report.stdout.startsWith(compression.entries[at].report.sha256))
  for (const { name } of different) console.error(`the digests differ: ${name}`)
  if (different.length > 0) return 1
  console.log(`both digests agree for each of the ${files.length} files${crew === 'local' ? `\n\n${byHand(url, cpus)}` : ''}`)
  return 0
}

/** The cores of the crew; those of a cluster once it has said which they are. */
async function coresOf(client) {
  for (;;) {
    const { cores, slurm } = await client.get('/v1/resources')
    if (crew !== 'slurm') return cores.cpus.map(String)
    if (slurm?.reason !== undefined) console.log(`waiting for Slurm: ${slurm.reason}`)
    const usable = (slurm?.nodes ?? []).filter(({ usable }) => usable)
    if (usable.length > 0)
      return usable.flatMap(({ node, cores: n }) => Array.from({ length: n }, (_, cpu) => `${node}:${cpu}`)).slice(0, slurm.hosts.most)
    await sleep(500)
  }
}

/** The exit code that a signal asks for; without one it never resolves. */
const signalled = new Promise((resolve) => {
  for (const [signal, code] of Object.entries(exitCodes)) process.on(signal, () => resolve(code))
  // whoever read our output is gone, as in `npm run demo | head`; Node.js ignores the signal and tells it here
  process.stdout.on('error', () => resolve(exitCodes.SIGPIPE))
})

try {
  const files = chooseFiles(dependencies, bytesWanted)
  const daemon = startDaemon(crew)
  try {
    process.exitCode = await Promise.race([signalled, demo(daemon, files)])
  } finally {
    await daemon.end()
  }
} catch (error) {
  console.error(`demo: ${error.message}`)
  process.exitCode = 1
}
// a job that was cut short still waits for its events
process.exit()
