import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { Daemon } from '../support/daemon.js'
import { scaled } from '../support/scale.js'
import { expect, findingsOf, pageTest as test } from './page.js'

const two = { limit: 'threads', max_threads: 2, binded: true }
/** A Boss with something of everything: ended well and badly, running, waiting. */
async function busy(daemon: Daemon, dir: string) {
  const waits = `while [ ! -e ${join(dir, 'go')} ]; do sleep 0.02; done`
  const boss = await daemon.hire({
    scheduler: two,
    instructions: [
      { kind: 'command', program: 'sh', args: ['-c', 'echo so far so good'], name: 'good' },
      { kind: 'command', program: 'sh', args: ['-c', 'echo it went wrong >&2; exit 3'], name: 'bad' },
      {
        kind: 'command',
        program: 'sh',
        args: ['-c', `printf '\\033[31mred\\033[0m <b>plain</b>\\n'; ${waits}; echo the end`],
        name: 'long',
      },
      { kind: 'command', program: 'sh', args: ['-c', waits], name: 'longer' },
      // nothing overtakes these two: it needs the core of each
      { kind: 'noop', name: 'waits', cores: 2 },
    ],
  })
  onTestFinished(() => daemon.call('POST', `/v1/bosses/${boss.id}/stop?now=true`).then(() => undefined))
  await expect.poll(async () => (await daemon.boss(boss)).counts).toMatchObject({ succeeded: 1, failed: 1, working: 2, pending: 1 })
  return { boss, go: () => writeFileSync(join(dir, 'go'), '') }
}
const heading = (page: Page) => page.getByRole('heading', { level: 1 })

test.for([
  ['light', 1280],
  ['dark', 360],
] as const)(
  'each view shows what there is, %s and %i px wide, and neither its policy nor axe has anything against it',
  async ([scheme, width], { daemon, dir, open }) => {
    const { boss, go } = await busy(daemon, dir)
    const views = [
      ['/', 'Now', 'Bosses at work'],
      ['/bosses', 'Bosses', `Boss ${boss.id}`],
      [`/bosses/${boss.id}`, `Boss ${boss.id}`, 'Interim report'],
      [`/bosses/${boss.id}/instructions`, 'Instructions of', 'longer'],
      [`/bosses/${boss.id}/instructions/2`, 'bad', 'the program ended with exit code 3'],
      [`/bosses/${boss.id}/instructions/5`, 'waits', 'It waits for'],
      ['/nowhere', 'There is no such view', 'Begin at the beginning'],
    ] as const
    const { page, wrong } = await open('/', { colorScheme: scheme, viewport: { width, height: 740 } })
    for (const [place, title, text] of views) {
      await page.goto(`${daemon.url}/#${place}`)
      await heading(page).filter({ hasText: title }).waitFor()
      await page.getByText(text).first().waitFor()
      expect(await findingsOf(page), `${place} ${scheme}`).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${place} is not wider than the screen`).toBeLessThanOrEqual(
        width,
      )
      if (place !== '/' && place !== '/bosses') continue
      const stop = page.getByRole('button', { name: `Stop Boss ${boss.id}…`, exact: true })
      const box = await stop.boundingBox()
      expect((box?.x ?? NaN) + (box?.width ?? NaN), 'how it is stopped is seen at once').toBeLessThanOrEqual(width)
      await stop.click()
      const dialog = page.locator('.dialog-body')
      await dialog.waitFor()
      expect(await dialog.evaluate((it) => it.scrollWidth - it.clientWidth), 'what that does is not cut off').toBe(0)
      await page.keyboard.press('Escape')
    }
    expect(wrong).toEqual([])
    go()
  },
)

test('a core says what it carries out, the Gantt what a bar is, and its trace is one that Perfetto opens', async ({
  daemon,
  dir,
  open,
}) => {
  const { boss, go } = await busy(daemon, dir)
  const { page } = await open('/?span=60')
  // its name, which no event tells
  await page.getByRole('link', { name: 'long', exact: true }).waitFor()
  expect(await page.getByRole('img', { name: 'Slots in use' }).getAttribute('aria-label')).toMatch(/: [1-9]\d* of /)
  go()
  await page.getByText('○ idle').first().waitFor()
  const canvas = page.locator('canvas').first()
  const box = await canvas.boundingBox()
  await expect
    .poll(async () => {
      for (const part of [0.995, 0.98, 0.95, 0.9, 0.8, 0.6, 0.4]) {
        await canvas.hover({ position: { x: (box?.width ?? 0) * part, y: 10 } })
        if (await page.getByRole('tooltip').isVisible()) return page.getByRole('tooltip').innerText()
      }
      return ''
    })
    .toContain(`Boss ${boss.id}`)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Trace' }).click()])
  const file = join(dir, 'trace.json')
  await download.saveAs(file)
  const { traceEvents } = JSON.parse(await import('node:fs/promises').then(({ readFile }) => readFile(file, 'utf8'))) as {
    traceEvents: { ph: string; name: string; cat?: string; ts?: number; dur?: number }[]
  }
  expect(traceEvents.filter(({ ph }) => ph === 'M').length).toBeGreaterThan(0)
  expect(traceEvents.find(({ name }) => name === 'longer')).toMatchObject({ ph: 'X', cat: 'command', ts: expect.any(Number) as number })
  const [picture] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PNG' }).click()])
  await picture.saveAs(join(dir, 'cores.png'))
  expect(existsSync(join(dir, 'cores.png'))).toBe(true)
})

test('a Boss is halted, set to work, told to end, and stopped with what runs', async ({ daemon, dir, open }) => {
  const { boss } = await busy(daemon, dir)
  const { page, wrong } = await open(`/bosses/${boss.id}`)
  const status = page.locator('h1 .status')
  for (const [button, then] of [
    ['Halt', 'halted'],
    ['Let', 'working'],
    ['End', 'ending'],
  ] as const) {
    await page.getByRole('button', { name: button }).click()
    await status.filter({ hasText: then }).waitFor()
  }
  await page.getByRole('button', { name: 'Stop' }).click()
  const dialog = page.getByRole('dialog')
  expect(await findingsOf(page)).toEqual([])
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })
  // with the keyboard alone, which goes on where it was
  await page.keyboard.press('Enter')
  await dialog.waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await status.filter({ hasText: 'stopping' }).waitFor()
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Stop…')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Stop now' }).click()
  await status.filter({ hasText: 'stopped' }).waitFor()
  expect((await daemon.boss(boss)).counts).toMatchObject({ cancelled: 2, pending: 1 })
  await page.getByRole('heading', { name: /^Report/ }).waitFor()
  expect(await page.getByRole('button', { name: 'Halt' }).count()).toBe(0)
  expect(wrong).toEqual([])
})

test('the log of an instruction comes live, in its colours, and nothing in it is taken for a part of the page', async ({
  daemon,
  dir,
  open,
}) => {
  const { boss, go } = await busy(daemon, dir)
  const { page, wrong } = await open(`/bosses/${boss.id}/instructions/3`)
  const log = page.locator('pre.log')
  await log.getByText('<b>plain</b>').waitFor()
  expect(await log.locator('.ansi-red-fg').innerText()).toBe('red')
  expect(await page.locator('tr', { hasText: 'working' }).innerText(), 'it is on a core, of which nothing is told yet').not.toContain('any')
  go()
  await log.getByText('the end').waitFor()
  await page.locator('h1 .status').filter({ hasText: 'succeeded' }).waitFor()
  await page.goto(`${daemon.url}/#/bosses/${boss.id}/instructions/2`)
  await log.getByText('it went wrong').waitFor()
  expect(wrong).toEqual([])
})

test('an instruction that waits says why; it is moved ahead, and cancelled', async ({ daemon, dir, open }) => {
  const { boss, go } = await busy(daemon, dir)
  const { page } = await open(`/bosses/${boss.id}/instructions/5`)
  await page.getByText('its turn: a free worker').waitFor()
  await page.getByRole('spinbutton', { name: 'priority' }).fill('7')
  await page.getByRole('button', { name: 'Change' }).click()
  await page.getByText('The priority is 7.').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.locator('h1 .status').filter({ hasText: 'cancelled' }).waitFor()
  expect(await daemon.instruction(boss, 5)).toMatchObject({ priority: 7, status: 'cancelled' })
  go()
})

test('keys lead from view to view and are listed; the first one skips to the content', async ({ open }) => {
  const { page } = await open('/bosses', {})
  await heading(page).filter({ hasText: 'Bosses' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  await page.keyboard.press('n')
  await heading(page).filter({ hasText: 'Now' }).waitFor()
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard' })
  await dialog.getByText('Go to Bosses').waitFor()
  expect(await findingsOf(page)).toEqual([])
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
  await page.keyboard.press('t')
  expect(await page.evaluate('document.documentElement.dataset.theme')).toBeUndefined()
  // what a daemon beside Slurm tells
  await page.route('**/v1/resources', async (route) => {
    const response = await route.fetch()
    const room = { total: 4, granted: 1 }
    const nodes = [{ node: 'n1', cores: 4, memory: 2048, state: 'IDLE', usable: true }]
    const slurm = { ready: false, reason: 'no node is up', cores: room, memory: room, hosts: { total: 1, waiting: 1, most: 32 }, nodes }
    await route.fulfill({ response, json: { ...((await response.json()) as object), slurm } })
  })
  await page.keyboard.press('s')
  await page.getByRole('row', { name: 'n1 IDLE 4 2.0 GiB' }).waitFor()
  await page.getByText('It starts nothing: no node is up').waitFor()
})

const n = scaled(50_000, 1_000_000)
const rows = () =>
  Readable.from(
    (function* () {
      for (let at = 0; at < n; at += 1000) yield '{"kind":"noop"}\n'.repeat(1000)
    })(),
  )

test('any of a million instructions is reached at once; what the list is narrowed to is in its address, and orders go to all that match', async ({
  daemon,
  open,
}) => {
  const boss = await daemon.hire({ start: false })
  const headers = { 'content-type': 'application/x-ndjson' }
  const { status } = await daemon.call('POST', `/v1/bosses/${boss.id}/instructions`, {
    body: Readable.toWeb(rows()) as ReadableStream,
    headers,
  })
  expect(status).toBe(201)
  const { page, wrong } = await open(`/bosses/${boss.id}/instructions`)
  const link = (id: number) => page.getByRole('link', { name: `noop-${id}`, exact: true })
  await link(1).waitFor()
  expect(await page.locator('tbody tr').count()).toBeLessThan(60)
  await page.getByText(n.toLocaleString('en'), { exact: true }).waitFor()
  await page.getByPlaceholder('id').fill(String(n / 2))
  await page.keyboard.press('Enter')
  await link(n / 2).waitFor()
  // the row from which the keyboard began is gone by then
  await link(n / 2).press('End')
  await link(n).waitFor()
  await page.keyboard.press('Home')
  await link(1).waitFor()
  expect(await page.locator('tbody tr').count()).toBeLessThan(60)

  await page.getByLabel('name').fill('noop-77')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.locator('tbody tr').count()).toBe(1)
  expect(page.url()).toContain('name=noop-77')
  await page.reload()
  await link(77).waitFor()
  await page.getByRole('button', { name: 'Choose all that match' }).click()
  await page.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('spinbutton', { name: 'Priority' }).fill('9')
  expect(await findingsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  await page.getByText('1 changed.').waitFor()
  expect((await daemon.instruction(boss, 77)).priority).toBe(9)

  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByLabel('Choose noop-1', { exact: true }).check()
  await page.getByLabel('Choose noop-3', { exact: true }).check()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Cancel them' }).click()
  await page.getByText('2 cancelled.').waitFor()
  await page.getByLabel('status').selectOption('cancelled')
  await expect.poll(() => page.locator('tbody tr').count()).toBe(2)
  await link(3).waitFor()
  expect(wrong).toEqual([])
})

test('what failed is given again: those chosen, or all that match', async ({ daemon, open }) => {
  const boss = await daemon.hire({ instructions: Array.from({ length: 3 }, () => ({ kind: 'command', program: 'false' })) })
  await expect.poll(async () => (await daemon.boss(boss)).counts.failed).toBe(3)
  const { page } = await open(`/bosses/${boss.id}/instructions?status=failed&cause=exit`)
  await page.getByRole('button', { name: 'Choose all that match' }).click()
  await page.getByRole('button', { name: 'Retry' }).click()
  await page.getByRole('button', { name: 'Give again' }).click()
  await page.getByText('3 instructions given again.').waitFor()
  expect(await daemon.instruction(boss, 4)).toMatchObject({ retry_of: 1 })
})
