import type { Page } from 'playwright-core'

const cpus = Array.from({ length: 64 }, (_, cpu) => cpu)

/**
 * Runs in the page: events that the daemon did not tell. They are made there, since to send a hundred thousand through the browser's pipe takes
 * longer than to draw them. One of a thousand failed, and the last one, so that its name says when all are drawn.
 */
const script = `{
  const Real = WebSocket
  let socket
  globalThis.WebSocket = function (url, protocols) {
    if (!url.includes('/v1/events')) return new Real(url, protocols)
    setTimeout(() => socket.onopen())
    return (socket = { close() {} })
  }
  const time = (ms) => new Date(ms).toISOString()
  const reported = (id, start, isBad) => ({
    seq: id, at: time(start + 30), boss: 1, type: 'instructions.reported', n: 1, first: id, last: id, name: 'job-' + id, kind: 'kind-' + id % 5,
    succeeded: isBad ? 0 : 1, failed: isBad ? 1 : 0, cancelled: 0, ...(isBad && { cause: 'exit' }), attempt: 1, scheduler_ticket: id % 64,
    cpus: [id % 64], started_at: time(start), finished_at: time(start + 30), usage: { wall: 0.03, cpu: 0.03, max_rss: 12 },
  })
  globalThis.tellBars = async ({ n, from, ms, first }) => {
    for (let at = 0; at < n; at += 1000) {
      const events = Array.from({ length: Math.min(1000, n - at) }, (_, index) => {
        const id = first + at + index
        return reported(id, from + ((at + index) * ms) / n, id % 997 === 0 || at + index === n - 1)
      })
      socket.onmessage({ data: JSON.stringify(events) })
      await new Promise((resolve) => setTimeout(resolve))
    }
  }
}`

/** Bars of a page: n attempts, evenly over `ms` from `from` on (ms since 1970), their ids from `first` on. */
export interface Bars {
  readonly n: number
  readonly from: number
  readonly ms: number
  readonly first: number
}

/** Has a page that is opened next stand before a machine of 64 cores that there is not; all else is the daemon's. */
export async function before64(page: Page): Promise<void> {
  await page.addInitScript(script)
  await page.route('**/v1/resources', async (route) => {
    const response = await route.fetch()
    const resources = (await response.json()) as object
    await route.fulfill({ response, json: { ...resources, cores: { total: 64, cpus, order: cpus } } })
  })
}

/** Tells a page of bars, until it has drawn them. */
export async function tellBars(page: Page, bars: Bars): Promise<void> {
  await page.evaluate(`tellBars(${JSON.stringify(bars)})`)
  await page.getByRole('link', { name: `job-${bars.first + bars.n - 1}`, exact: true }).waitFor()
}

/** Zooms and pans by turns, once a frame. @returns ms between two frames. */
export async function framesOf(page: Page, n: number): Promise<number[]> {
  await page.locator('.gantt canvas').waitFor()
  return page.evaluate<number[]>(`new Promise((resolve) => {
    const canvas = document.querySelector('.gantt canvas')
    const times = []
    const turn = (before) => requestAnimationFrame((now) => {
      times.push(now - before)
      if (times.length > ${n}) return resolve(times.slice(1))
      const zooms = times.length % 2 === 0
      canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: zooms ? 40 : -30, ctrlKey: zooms, shiftKey: !zooms, cancelable: true }))
      turn(now)
    })
    requestAnimationFrame(turn)
  })`)
}

/** @returns what `act` finds, and the seconds that the page's own JavaScript ran meanwhile. */
export async function scriptSecondsOf<T>(page: Page, act: () => Promise<T>): Promise<[T, number]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const seconds = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN
  }
  const before = await seconds()
  const found = await act()
  const after = await seconds()
  await session.detach()
  return [found, after - before]
}

/** MiB that a page's JavaScript holds, once what it no longer needs is gone. */
export async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize / 2 ** 20
}
