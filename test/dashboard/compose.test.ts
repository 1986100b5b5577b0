import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { BossDocument } from '../../src/boss/boss-document.js'
import type { Page as List } from '../support/daemon.js'
import { shell } from '../cli/shell.js'
import { openIn } from '../support/browser.js'
import { expect, findingsOf, pageTest as test } from './page.js'

/** Chooses a file of rows. */
const choose = (page: Page, name: string, text: string) =>
  page.setInputFiles('input[type=file]', { name, mimeType: 'text/plain', buffer: Buffer.from(text) })
/** Drags a file over the page, and drops it where it belongs, as a desktop does. */
async function drop(page: Page, file: string, text: string): Promise<void> {
  writeFileSync(file, text)
  const field = page.locator('.drop')
  await field.scrollIntoViewIfNeeded()
  const { x, y } = (await field.boundingBox()) ?? { x: NaN, y: NaN }
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [file], dragOperationsMask: 1 }
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') => session.send('Input.dispatchDragEvent', { type, x: x + 9, y: y + 9, data })
  await drag('dragEnter')
  await drag('dragOver')
  await page.locator('.drop.is-over').waitFor()
  await drag('drop')
  await session.detach()
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })

test('a new Boss is composed of a form and a CSV file: tried first, which stores nothing, then given', async ({ daemon, dir, open }) => {
  const { page, wrong } = await open('/compose')
  await page.getByLabel('Its name').fill('composed')
  await page.getByLabel('program', { exact: true }).fill('sh')
  await page.getByLabel('args', { exact: true }).fill('-c\necho $GREETING, $1\nsh')
  await page.getByLabel('env', { exact: true }).fill('{"GREETING": "hello"}')
  await page.getByText('Name, limits, order').click()
  await page.getByLabel('timeout').fill('20')
  expect(await findingsOf(page)).toEqual([])
  await button(page, 'Try it out').click()
  await page.getByText('1 instruction would be taken').waitFor()
  await page.getByRole('cell', { name: '["-c","echo $GREETING, $1","sh"]' }).waitFor()
  expect((await daemon.get('/v1/bosses/composed')).status).toBe(404)

  const csv = 'name,args,cores\r\n"one, and ""all""","[""-c"", ""echo $GREETING; exit $EXIT""]",1\ntwo,,\n'
  await drop(page, join(dir, 'rows.csv'), csv)
  await page.getByText('2 rows').waitFor()
  // what was changed has to be tried again
  expect(await button(page, 'Give 2 instructions').isDisabled()).toBe(true)
  await button(page, 'Try it out').click()
  await page.getByRole('cell', { name: 'one, and "all"', exact: true }).waitFor()
  await button(page, 'Give 2 instructions').click()
  await page.getByRole('heading', { name: 'composed' }).waitFor()
  const { workers_report: entries } = await daemon.reportOnceOver('composed')
  expect(entries.map(({ name, report }) => [name, report])).toEqual(
    expect.arrayContaining([
      ['one, and "all"', expect.objectContaining({ stdout: 'hello\n' })],
      ['two', expect.objectContaining({ stdout: 'hello,\n' })],
    ]),
  )
  expect(await daemon.instruction('composed', 1)).toMatchObject({ limits: { timeout: 20 } })
  expect(wrong).toEqual([])
})

test('a Boss that is there gets more; what is wrong with a file or a row is told, and nothing is given', async ({ daemon, dir, open }) => {
  const boss = await daemon.hire({ name: 'there', start: false })
  const { page } = await open(`/compose?boss=${boss.id}`)
  await page.getByLabel('Kind').selectOption('sleeper')
  const give = async (name: string, text: string) => {
    await choose(page, name, text)
    return page.getByRole('alert')
  }
  await (await give('rows.ndjson', '{"sleeping_time": 1}\n{"sleeping_time": \n')).getByText('line 2 is no JSON object').waitFor()
  await (await give('rows.csv', 'sleeping_time,name\n1\n')).getByText('row 1 has 1 cells, and there are 2 columns').waitFor()
  await give('rows.json', '[{"sleeping_time": 0.1}, {"sleeping_time": "long"}]')
  await button(page, 'Try it out').click()
  await page.getByRole('alert').getByText('row 2').waitFor()
  expect(await button(page, 'Give 2 instructions').isDisabled()).toBe(true)
  await drop(page, join(dir, 'mended.json'), '[{"sleeping_time": 0.1}, {"kind": "noop"}]')
  await page.getByText('mended.json: 2 rows').waitFor()
  await button(page, 'Try it out').click()
  await button(page, 'Give 2 instructions').click()
  await page.getByRole('heading', { name: 'there' }).waitFor()
  expect([await daemon.instruction(boss, 1), await daemon.instruction(boss, 2)]).toMatchObject([{ kind: 'sleeper' }, { kind: 'noop' }])
})

test('what is changed while it is being tried has to be tried again', async ({ open }) => {
  const { page } = await open('/compose')
  await page.getByLabel('Kind').selectOption('sleeper')
  await page.getByLabel('sleeping_time', { exact: true }).fill('0.1')
  const { promise: isChanged, resolve: changed } = Promise.withResolvers<void>()
  await page.route(/dry_run/, async (route) => {
    await isChanged
    await route.continue()
  })
  const answered = page.waitForResponse(/dry_run/)
  await button(page, 'Try it out').click()
  await page.getByLabel('sleeping_time', { exact: true }).fill('100')
  changed()
  await answered
  await page.locator('button:enabled', { hasText: 'Try it out' }).waitFor()
  expect(await button(page, 'Give 1 instruction').isDisabled()).toBe(true)
  await button(page, 'Try it out').click()
  await page.getByText('1 instruction would be taken').waitFor()
  expect(await button(page, 'Give 1 instruction').isEnabled()).toBe(true)
})

test('failures are told by cause and kind with what was written last, and a group is given again; the report is a file', async ({
  daemon,
  open,
}) => {
  const shell = (script: string, name?: string) => ({ kind: 'command', program: 'sh', args: ['-c', script], ...(name && { name }) })
  const boss = await daemon.hire({
    name: 'failing',
    instructions: [
      shell('exit 3'),
      shell('printf "\\033[31mno room, \\"left\\"\\033[0m\\n" >&2; exit 4', 'a "b", c'),
      { kind: 'throwing' },
      shell('true'),
    ],
    end: true,
  })
  await daemon.reportOnceOver(boss)
  const { page, wrong } = await open('/failures')
  const group = page.locator('section.failed', { hasText: 'exited with an error' })
  await group.getByRole('heading', { name: '2 × command exited with an error' }).waitFor()
  await page.getByRole('heading', { name: '1 × throwing threw an exception' }).waitFor()
  expect(await findingsOf(page)).toEqual([])
  await button(page, 'Retry all in a new Boss: command, exit').click()
  await page.getByText('2 instructions given again, to the new Boss').waitFor()
  const { body } = await daemon.get<List<BossDocument>>('/v1/bosses?order=newest&limit=1')
  const { workers_report: again } = await daemon.reportOnceOver(body.items[0]?.id ?? 0)
  expect(again.map(({ outcome, exit_code: code }) => [outcome, code])).toEqual(
    expect.arrayContaining([
      ['failed', 3],
      ['failed', 4],
    ]),
  )
  // what is told goes by itself after a while
  await Promise.all([
    page.getByText('All of them had been given again before.').waitFor(),
    button(page, 'Retry all in a new Boss: command, exit').click(),
  ])
  await group.getByRole('link', { name: 'All 2 instructions' }).click()
  await expect.poll(() => page.locator('tbody tr').count()).toBe(2)

  await page.goto(`${daemon.url}/#/bosses/${boss.id}`)
  const save = async (type: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, type).click()])
    expect(download.suggestedFilename()).toBe(`failing-report.${type.toLowerCase()}`)
    return readFileSync(await download.path(), 'utf8')
  }
  const lines = (await save('NDJSON')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(await daemon.entries(boss))
  const csv = await save('CSV')
  expect(csv.split('\r\n')).toHaveLength(6)
  expect(csv).toMatch(/^instruction,name,kind,outcome,cause,/)
  expect(csv).toContain('2,"a ""b"", c",command,failed,exit,')
  expect(wrong).toEqual([])
})

test('a report as HTML opens from a file with nothing beside it, runs nothing, and says what became of each', async ({
  daemon,
  dir,
  browser,
}) => {
  const boss = await daemon.hire({
    scheduler: { limit: 'threads', max_threads: 2, binded: true },
    instructions: [
      { kind: 'command', program: 'sh', args: ['-c', 'echo "<script>alert(1)</script>" >&2; exit 3'], name: 'bad <b>' },
      { kind: 'sleeper', sleeping_time: 0.2 },
      { kind: 'command', program: 'echo', args: ['</style><img src=x onerror=alert(1)>'] },
    ],
    end: true,
  })
  await daemon.reportOnceOver(boss)
  const { code, stdout, stderr } = await shell(
    daemon,
    dir,
    `taylord report ${boss.id} --html report.html && taylord report ${boss.id} --html -`,
  )
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toBe(readFileSync(join(dir, 'report.html'), 'utf8'))
  const { page, wrong } = await openIn(browser, `file://${join(dir, 'report.html')}`, {
    offline: true,
    viewport: { width: 360, height: 740 },
  })
  expect(await page.title()).toBe(`Boss ${boss.id}: finished`)
  await page.getByText('exit of command: 1').waitFor()
  expect(await page.locator('svg rect').count()).toBeGreaterThanOrEqual(3)
  expect(await page.getByRole('row').filter({ hasText: 'bad <b>' }).innerText()).toContain('failed, exit')
  expect(await page.locator('script, img, b').count()).toBe(0)
  expect(await findingsOf(page)).toEqual([])
  expect(wrong).toEqual([])
  await page.close()
  const refused = await shell(daemon, dir, `taylord report ${boss.id} --html no/such/dir.html; taylord report ${boss.id} --html x --json`)
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toMatch(/no\/such\/dir.html cannot be written: ENOENT.*\n.*take one/)
})

test("the first token is an admin's, and the page goes on with it; one is kept for its tab and as long as it holds; who may only look is offered nothing else", async ({
  daemon,
  open,
}) => {
  await daemon.hire({ name: 'mine' })
  const { page } = await open('/system', {})
  await page.getByText('There is none: whoever reaches the daemon may do everything.').waitFor()
  await expect.poll(() => page.getByRole('definition').allTextContents()).toContain('0.1.0')
  const make = async (name: string, role?: string) => {
    await page.getByLabel('Name', { exact: true }).fill(name)
    if (role !== undefined) await page.getByLabel('Role').selectOption(role)
    await button(page, 'Make a token').click()
    const token = await page.getByRole('dialog').getByLabel('Token').inputValue()
    await button(page, 'Close').click()
    await button(page, `Revoke ${name}`).waitFor()
    return token
  }
  const admin = await make('me')
  expect(admin).toMatch(/^taylord_/)
  expect((await daemon.get('/v1/bosses')).status).toBe(401)
  const read = await make('reader', 'read')
  expect(await findingsOf(page)).toEqual([])

  const other = await open('/compose', {})
  const field = other.page.getByLabel('Token')
  await field.fill('taylord_wrong')
  await button(other.page, 'Sign in').click()
  await other.page.getByText('not known here').waitFor()
  other.wrong.length = 0
  await field.fill(read)
  await other.page.keyboard.press('Enter')
  await other.page.getByText('This token may look, and give no instructions.').waitFor()
  await other.page.getByText('read-only').waitFor()
  const kept = '[sessionStorage.length, localStorage.length, document.cookie, location.href.includes("taylord_")]'
  expect(await other.page.evaluate(kept)).toEqual([1, 0, '', false])
  const look = async (view: string, heading: string | RegExp, offered: string) => {
    await other.page.getByRole('link', { name: view, exact: true }).click()
    await other.page.getByRole('heading', { name: heading }).first().waitFor()
    expect(await other.page.getByRole('button', { name: offered }).count()).toBe(0)
  }
  await look('System', 'Kinds', 'Make a token')
  await look('Failures', 'exited with an error', 'Retry')
  await look('Instructions', 'Instructions of', 'Cancel')
  await look('Instructions', 'Instructions of', 'Choose')
  await look('Now', 'Ledger', 'Stop')
  await other.page.reload()
  await look('Bosses', 'Bosses', 'Halt')
  await other.page.getByRole('link', { name: 'mine' }).waitFor()
  await other.page.locator('.link.is-live').waitFor()
  // it asked for nothing that it may not have
  expect(other.wrong).toEqual([])

  const revoke = async (name: string) => {
    await button(page, `Revoke ${name}`).click()
    await button(page, 'Revoke it').click()
    await page.getByText(`${name} may no longer come in.`).waitFor()
  }
  await revoke('reader')
  await other.page.getByText('This daemon asks for a token').waitFor()
  await field.fill(admin)
  await other.page.keyboard.press('Enter')
  await button(other.page, 'Halt mine').waitFor()
  await button(other.page, 'Sign out').click()
  await field.waitFor()
  await revoke('me')
  expect((await daemon.get('/v1/bosses')).status).toBe(200)
})
