import { Readable } from 'node:stream'
import { scaled } from '../support/scale.js'
import { expect, findingsOf, pageTest as test } from './page.js'

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
  await page.locator('.virtual').press('End')
  await link(n).waitFor()
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
