import { startDaemon } from '../support/daemon.js'
import { startProxy } from '../support/proxy.js'
import { expect, pageTest as test } from './page.js'

test('a page that was cut off says so, goes on by itself, and has missed nothing', async ({ daemon, open }) => {
  const proxy = await startProxy(daemon.url)
  const { page } = await open('/bosses', { url: proxy.url })
  await page.getByText('live', { exact: false }).first().waitFor()
  const boss = await daemon.hire({ name: 'before' })
  await page.getByRole('link', { name: 'before' }).waitFor()
  proxy.mute()
  proxy.cut()
  proxy.mute() // what connects anew hears nothing, until it is cut again
  await page.getByText('disconnected').waitFor()
  await daemon.append(boss, { instructions: [{ kind: 'noop' }] })
  await expect.poll(async () => (await daemon.boss(boss)).counts.succeeded).toBe(1)
  proxy.cut()
  await page.getByText('Connected again').waitFor()
  await page.locator('tr', { hasText: 'before' }).getByText('1 of 1').waitFor()
})

test('a tab that nobody sees follows nothing, and goes on when it is seen', async ({ daemon, open }) => {
  const { page } = await open('/bosses')
  await page.getByText('live', { exact: false }).first().waitFor()
  const followers = async () =>
    Number(/^taylord_event_followers (\d+)/m.exec((await daemon.get<Buffer>('/metrics')).body.toString())?.[1] ?? Number.NaN)
  expect(await followers()).toBe(1)
  const hide = (isHidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
    )
  await hide(true)
  await expect.poll(followers).toBe(0)
  await page.getByText('paused').waitFor()
  await hide(false)
  await expect.poll(followers).toBe(1)
})

test('a token is asked for, kept for this tab, and one that may only read changes nothing', async ({ open }) => {
  const daemon = await startDaemon()
  await daemon.hire({ name: 'mine' })
  const made = async (role: string, headers?: Record<string, string>) => {
    const { body } = await daemon.call<{ token: string }>('POST', '/v1/tokens', { json: { name: role, role }, ...(headers && { headers }) })
    return body.token
  }
  const admin = await made('admin')
  const read = await made('read', { authorization: `Bearer ${admin}` })
  const { page } = await open('/bosses', { url: daemon.url })
  const field = page.getByLabel('Token')
  await field.fill('taylord_wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('not known here').waitFor()
  await field.fill(read)
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: 'mine' }).waitFor()
  await page.getByText('read-only').waitFor()
  await page.getByText('live', { exact: false }).first().waitFor()
  expect(await page.getByRole('button', { name: 'Halt' }).count()).toBe(0)
  expect(await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie, location.href.includes("taylord_")]')).toEqual([
    1,
    0,
    '',
    false,
  ])
  await page.reload()
  await page.getByRole('link', { name: 'mine' }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await field.fill(admin)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Halt mine' }).waitFor()
  await daemon.call('DELETE', '/v1/tokens/admin', { headers: { authorization: `Bearer ${admin}` } })
  await page.getByText('This daemon asks for a token').waitFor()
})
