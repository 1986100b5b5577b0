import { before64, framesOf, heapOf, tellBars } from '../support/many-bars.js'
import { startProxy } from '../support/proxy.js'
import { measured, scaled, spread } from '../support/scale.js'
import { expect, pageTest as test } from './page.js'

test('a page that was cut off says so, goes on by itself, and has missed nothing', async ({ daemon, open }) => {
  const proxy = await startProxy(daemon.url)
  const { page } = await open('/bosses', { url: proxy.url })
  await page.locator('.link.is-live').waitFor()
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
  const { page } = await open('/bosses', {})
  await page.clock.install()
  await page.locator('.link.is-live').waitFor()
  const followers = async () =>
    Number(/^taylord_event_followers (\d+)/m.exec((await daemon.get<Buffer>('/metrics')).body.toString())?.[1] ?? Number.NaN)
  expect(await followers()).toBe(1)
  const hide = (isHidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${isHidden} }); document.dispatchEvent(new Event('visibilitychange'))`,
    )
  await hide(true)
  await page.clock.fastForward(3_000)
  await expect.poll(followers).toBe(0)
  await page.getByText('paused').waitFor()
  await hide(false)
  await expect.poll(followers).toBe(1)
})

const bars = scaled(20_000, 100_000)
const hourMs = 3_600_000

test('64 rows of many bars are panned and zoomed, and after hours of events the page is no larger', async ({ open }) => {
  const { page, wrong } = await open('/?span=600', {})
  await before64(page)
  await page.reload()
  await page.locator('.link.is-live').waitFor()
  const now = Date.now()
  await tellBars(page, { n: bars, from: now - 600_000, ms: 600_000, first: 1 })
  expect(await page.locator('.labels li').count()).toBe(64)

  const frames = await framesOf(page, scaled(10, 300))
  measured('dashboard', `64 rows of ${bars} bars: ${spread(frames)} between two frames`)
  expect(frames.length).toBe(scaled(10, 300))

  const n = scaled(20_000, 288_000)
  const heaps: number[] = []
  for (let hour = 0; hour < scaled(2, 5); hour++) {
    await tellBars(page, { n, from: now + hour * hourMs, ms: hourMs, first: 1_000_000 * (hour + 1) })
    heaps.push(await heapOf(page))
  }
  measured('dashboard', `heap of the page after each hour of events: ${heaps.map((heap) => heap.toFixed(1)).join(', ')} MiB`)
  expect((heaps.at(-1) ?? NaN) - (heaps.at(-2) ?? NaN)).toBeLessThan(10)
  expect(wrong).toEqual([])
})
