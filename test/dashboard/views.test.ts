import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Daemon } from '../support/daemon.js'
import { onTestFinished } from 'vitest'
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

test('each view shows what there is, in light and dark, wide and at 360 px, and neither its policy nor axe has anything against it', async ({
  daemon,
  dir,
  open,
}) => {
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
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 360],
  ] as const) {
    const { page, wrong } = await open('/', { colorScheme: scheme, viewport: { width, height: 740 } })
    for (const [place, title, text] of views) {
      await page.goto(`${daemon.url}/#${place}`)
      await heading(page).filter({ hasText: title }).waitFor()
      await page.getByText(text).first().waitFor()
      expect(await findingsOf(page), `${place} ${scheme}`).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${place} is not wider than the screen`).toBeLessThanOrEqual(
        width,
      )
    }
    expect(wrong).toEqual([])
  }
  go()
})

test('a core says what it carries out, the Gantt what a bar is, and its trace is one that Perfetto opens', async ({
  daemon,
  dir,
  open,
}) => {
  const { boss, go } = await busy(daemon, dir)
  const { page } = await open('/?span=10')
  await page.getByRole('link', { name: `${boss.id}/3` }).waitFor()
  await page.getByText('Idle cores').waitFor()
  go()
  await page.getByText('○ idle').first().waitFor()
  const canvas = page.locator('canvas').first()
  const box = await canvas.boundingBox()
  await expect
    .poll(async () => {
      for (const part of [0.99, 0.95, 0.9, 0.8, 0.7]) {
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
  await page.getByRole('button', { name: 'Stop' }).click()
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
  const { page } = await open('/bosses')
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
})
