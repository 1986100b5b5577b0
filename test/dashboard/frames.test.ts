import type { Page } from 'playwright-core'
import { measured, scaled, spread } from '../support/scale.js'
import { expect, pageTest as test } from './page.js'

const cpus = Array.from({ length: 64 }, (_, cpu) => cpu)
const bars = 100_000
const time = (ms: number) => new Date(ms).toISOString()

/** Reports of one second of a machine of 64 cores: instructions of 10 ms and more, one of a thousand failed. */
function second(from: number, each: number, first: number): object[] {
  return Array.from({ length: each }, (_, index) => {
    const [id, start] = [first + index, from + (index * 1000) / each]
    const ended = id % 997 === 0 ? { succeeded: 0, failed: 1, cause: 'exit' } : { succeeded: 1, failed: 0 }
    return {
      ...{
        seq: id,
        at: time(start + 30),
        boss: 1,
        type: 'instructions.reported',
        n: 1,
        first: id,
        last: id,
        name: `job-${id}`,
        kind: `job-${id % 5}`,
      },
      ...{
        ...ended,
        cancelled: 0,
        attempt: 1,
        scheduler_ticket: id % 64,
        cpus: [id % 64],
        started_at: time(start),
        finished_at: time(start + 30),
      },
      usage: { wall: 0.03, cpu: 0.03, max_rss: 12 },
    }
  })
}

/** A page before a machine of 64 cores that there is not: all else is the daemon's. @returns what sends it events. */
async function before64(page: Page): Promise<(events: readonly object[]) => void> {
  const { promise, resolve } = Promise.withResolvers<(events: readonly object[]) => void>()
  await page.routeWebSocket('**/v1/events*', (socket) => resolve((events) => socket.send(JSON.stringify(events))))
  await page.route('**/v1/resources', async (route) => {
    const response = await route.fetch()
    const resources = (await response.json()) as object
    await route.fulfill({ response, json: { ...resources, cores: { total: 64, cpus, order: cpus } } })
  })
  await page.reload()
  return promise
}

test('64 rows of 100,000 bars are panned and zoomed, and after hours of events the page is no larger', async ({ open }) => {
  const { page, wrong } = await open('/?span=600')
  const send = await before64(page)
  const now = Date.now()
  const seconds = 600
  for (let at = 0; at < seconds; at++) {
    send(second(now - (seconds - at) * 1000, Math.ceil(bars / seconds), at * 200 + 1))
    // what is not read in time would be asked for again
    if (at % 20 === 0) await page.evaluate('new Promise((resolve) => setTimeout(resolve, 20))')
  }
  await page.getByRole('link', { name: /^job-/ }).first().waitFor() // the last that failed
  expect(await page.locator('.labels li').count()).toBe(64)

  const frames = await page.evaluate<number[]>(`new Promise((resolve) => {
    const canvas = document.querySelector('canvas')
    const times = []
    const turn = (before) => requestAnimationFrame((now) => {
      times.push(now - before)
      if (times.length > ${scaled(10, 300)}) return resolve(times.slice(1))
      const zooms = times.length % 2 === 0
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: zooms ? 40 : -30, ctrlKey: zooms, shiftKey: !zooms, cancelable: true }))
      turn(now)
    })
    requestAnimationFrame(turn)
  })`)
  measured('dashboard', `64 rows × 100,000 bars: ${spread(frames)} between two frames`)
  expect(frames.length).toBe(scaled(10, 300))

  const session = await page.context().newCDPSession(page)
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20
  }
  const hour = async (from: number) => {
    for (let at = 0; at < scaled(100, 3600); at += 5) {
      send(second(now + (from + at) * 1000, 400, (from + at) * 100 + 1_000_000))
      if (at % 50 === 0) await page.evaluate('new Promise((resolve) => setTimeout(resolve, 20))')
    }
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 300))')
    return heap()
  }
  await hour(0)
  await hour(10_000)
  await hour(20_000)
  const full = await hour(30_000)
  const later = await hour(40_000)
  measured('dashboard', `heap of the page: ${full.toFixed(1)} MiB, an hour of events later ${later.toFixed(1)} MiB`)
  expect(later - full).toBeLessThan(10)
  expect(wrong).toEqual([])
})
