// Takes the pictures of docs/dashboard.md, of a daemon of its own that does the demo's work: `npm run screenshots`.
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startBrowser } from '../test/support/browser.ts'
import { startDaemon } from '../examples/demo/daemon.mjs'
import { chooseFiles } from '../examples/demo/files.mjs'
import { Client } from '../dist/client/client.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = `${root}docs/dashboard/`
const megabytes = 40
/** s that the work has gone on when the pictures are taken */
const warmUp = 25

/** The demo's work, and some that fails, waits or prints, so that there is something to see in every view. */
async function giveWork(client) {
  const files = chooseFiles(`${root}node_modules`, megabytes * 1e6)
  const scheduler = { limit: 'threads', max_threads: 2, binded: true }
  const { id: broken } = await client.create({
    name: 'thumbnails',
    scheduler,
    instructions: [
      ...files.slice(0, 6).map(({ path, name }) => ({ kind: 'command', program: 'sha256sum', args: [path], name: name.slice(-60) })),
      ...[1, 2, 3].map((page) => ({
        ...{ kind: 'command', program: 'sh', name: `page-${page}` },
        args: ['-c', `printf '\\033[33mwarning\\033[0m: page ${page} has no title\\n'; echo 'cannot read font Garamond' >&2; exit 2`],
      })),
      { kind: 'command', program: 'sleep', args: ['60'], timeout: 1, name: 'cover' },
      { kind: 'command', program: 'convert-pages', args: [], name: 'spine' },
    ],
    end: true,
  })
  await client.wait(broken)
  const { id: sums } = await client.create({
    name: 'sha256sum',
    scheduler,
    instructions: files.slice(0, 120).map(({ path, name }) => ({
      ...{ kind: 'command', program: 'sh', args: ['-c', `sha256sum ${path}; sleep 0.4`], name: name.slice(-60) },
    })),
  })
  await client.create({
    name: 'brotli',
    scheduler,
    instructions: files.map(({ path, name, bytes }) => ({ kind: 'brotli', path, name: name.slice(-60), expected_time: bytes })),
  })
  return { sums, broken }
}

// what is on the pictures tells nothing of who took them
process.env.PATH = '/usr/local/bin:/usr/bin:/bin'
const daemon = startDaemon()
const browser = await startBrowser()
try {
  const url = await daemon.listening
  const { sums, broken } = await giveWork(new Client(url))
  mkdirSync(docs, { recursive: true })
  const views = [
    ['now', '/?span=30'],
    ['bosses', '/bosses'],
    ['boss', `/bosses/${sums}`],
    ['instructions', `/bosses/${broken}/instructions`],
    ['instruction', `/bosses/${broken}/instructions/7`],
    ['failures', '/failures'],
    ['compose', '/compose'],
    ['system', '/system'],
  ]
  const looks = [
    { look: 'light', width: 1200, height: 760, colorScheme: 'light' },
    { look: 'dark', width: 1200, height: 760, colorScheme: 'dark' },
    { look: '360', width: 360, height: 760, colorScheme: 'light' },
  ]
  const pages = await Promise.all(
    looks.map(({ width, height, colorScheme }) => browser.newPage({ viewport: { width, height }, colorScheme })),
  )
  for (const page of pages) await page.goto(`${url}/#/`)
  await new Promise((resolve) => setTimeout(resolve, warmUp * 1000))
  for (const [name, place] of views)
    for (const [at, page] of pages.entries()) {
      await page.goto(`${url}/#${place}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.waitForTimeout(1_500) // until what it asks is there and drawn
      await page.screenshot({ path: `${docs}${name}-${looks[at].look}.png` })
    }
} finally {
  await browser.close()
  await daemon.end()
}
