import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { startBrowser } from '../../test/support/browser.ts'
import { before64, framesOf, heapOf, scriptSecondsOf, tellBars } from '../../test/support/many-bars.ts'
import { newBoss, warmUp, withDaemon } from '../daemon.ts'
import { quantile } from '../figures.ts'
import type { Bench, Part, Row } from '../part.ts'

const assets = fileURLToPath(new URL('../../dist/dashboard/assets/', import.meta.url))
const hourMs = 3_600_000
/** Reports of an hour, as brief events tell them: 80 a second. */
const anHour = 288_000

/** Runs in the page: when it has painted who works and a Boss with its signals, which can be pressed from then on. */
const watch = `globalThis.painted = new Promise((resolve) => {
  const look = () => document.querySelector('.labels a') && document.querySelector('.bosses .danger')
  const turn = () => requestAnimationFrame(() => (look() ? requestAnimationFrame(() => resolve(performance.now())) : turn()))
  turn()
})`

/** @returns ms from the address to the first paint, and to the first data that is painted. */
async function opened(browser: Browser, url: string): Promise<{ readonly paint: number; readonly data: number }> {
  const page = await browser.newPage()
  await page.addInitScript(watch)
  await page.goto(url)
  const data = await page.evaluate<number>('painted')
  const paint = await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime")
  await page.context().close()
  return { paint, data }
}

/** @returns MiB of JavaScript after each of five hours. */
async function heaps(page: Page, bench: Bench, from: number): Promise<number[]> {
  const found: number[] = []
  for (let hour = 0; hour < 5; hour++) {
    await tellBars(page, { n: bench.size(anHour), from: from + hour * hourMs, ms: hourMs, first: 1_000_000 * (hour + 1) })
    found.push(await heapOf(page))
  }
  return found
}

export const d2: Part = {
  help: 'The dashboard in a browser: until it shows something, and what it takes beside 64 cores and for hours.',
  needs: [],
  notes: [
    'Headless Chromium on the same machine, without a GPU, a new session with an empty cache each time it is opened; by loopback. Data: the rows of the cores with who works there, and a Boss with its buttons; from then on it can be used.',
    'The 64 cores are not there: the page is told of 100,000 bars, which a machine of 64 makes in ten minutes, and is zoomed and panned by turns, once a frame. At 60 Hz a frame is due each 16.7 ms.',
    'The floor: the same page, zoomed and panned alike, with nothing but its axis to draw.',
    'An hour is 288,000 reports, told as fast as the page takes them; the memory is what is left after garbage was collected.',
  ],
  async run(bench) {
    const paint: Row = { what: 'first paint', unit: 'ms', values: [] }
    const data: Row = { what: 'first data painted, can be used', unit: 'ms', values: [] }
    const half: Row = { what: 'between frames, 64 rows × 100,000 bars, half', unit: 'ms', values: [], target: { most: 17 } }
    const most: Row = { what: 'between frames, 64 rows × 100,000 bars, 99 %', unit: 'ms', values: [] }
    const script: Row = { what: "of these the page's own JavaScript, mean", unit: 'ms', values: [] }
    const bare: Row = { what: 'the floor: between frames, 64 rows without a bar, half', unit: 'ms', values: [] }
    const held: Row = { what: 'JavaScript heap after five hours', unit: 'MiB', values: [] }
    const grown: Row = { what: 'of these grown in the fifth', unit: 'MiB', values: [], target: { most: 5 } }
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js.gz'))
    const bytes = scripts.reduce((sum, name) => sum + statSync(assets + name).size, 0)
    const size: Row = { what: 'JavaScript, gzip', unit: 'B', values: [bytes], target: { most: 60 * 1024 } }
    const browser = await startBrowser()
    const inPage = async (url: string) => {
      const times = await opened(browser, url)
      paint.values.push(times.paint)
      data.values.push(times.data)
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      await before64(page)
      await page.goto(`${url}/#/?span=600`)
      await page.locator('.link.is-live').waitFor()
      bare.values.push(quantile(await framesOf(page, bench.size(600)), 0.5))
      const now = Date.now()
      await tellBars(page, { n: bench.size(100_000), from: now - 600_000, ms: 600_000, first: 1 })
      const [frames, seconds] = await scriptSecondsOf(page, () => framesOf(page, bench.size(600)))
      script.values.push((1000 * seconds) / frames.length)
      half.values.push(quantile(frames, 0.5))
      most.values.push(quantile(frames, 0.99))
      const [, , , fourth = NaN, last = NaN] = await heaps(page, bench, now)
      held.values.push(last)
      grown.values.push(last - fourth)
      await page.context().close()
    }
    try {
      await withDaemon(
        bench,
        async (daemon) => {
          await warmUp(daemon)
          await newBoss(daemon, undefined, { name: 'at-work', instructions: [{ kind: 'sleeper', sleeping_time: 86_400 }] })
          for (let run = 0; run < bench.runs; run++) {
            bench.say(`run ${run + 1}`)
            await inPage(daemon.url)
          }
        },
        ['--grace', '0'],
      )
    } finally {
      await browser.close()
    }
    return [paint, data, half, most, script, bare, held, grown, size]
  },
}
