import { readFileSync } from 'node:fs'
import { asksForHelp, command } from './cli/command.js'
import { verbsWith } from './cli/verbs.js'
import { settingOptions } from './config.js'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 12)) {
  const { node } = process.versions
  process.stderr.write(
    `taylord: needs Node 22.12 or newer, this is ${node}; run bin/taylord, which finds the one that was installed with it\n`,
  )
  process.exit(2)
}

/** The daemon is `main.ts`, which reads the command line by itself. */
const verbs = verbsWith({
  group: 'daemon',
  summary: 'run the daemon',
  takes: '',
  options: settingOptions(),
  notes: `Each is also a variable TAYLORD_..., such as TAYLORD_PORT.

When it listens, the first line on stdout is "taylord listening on http://HOST:PORT". Logs are JSON lines on stderr.
It ends with 0 after SIGTERM, SIGINT or POST /v1/drain: nothing new starts, running work gets its grace; a second signal ends it at once.`,
  examples: ['taylord serve --port 8080 --data /var/lib/taylord'],
  load: async () => Promise.reject(new Error('the daemon begins elsewhere')),
})

const args = process.argv.slice(2)
const [verb, ...rest] = args
if (verb === 'serve' && !asksForHelp(rest)) await import('./main.js')
else if (verb === '--version') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  process.stdout.write(`${version}\n`)
} else process.exit(await command(args, verbs))
