import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openIn, startBrowser, type OpenPage } from '../support/browser.js'
import { lineTest } from '../support/daemon.js'

export { expect }

/**
 * How a page is opened: at a place of the dashboard, such as `/bosses`. Without options it is the one of the file, which goes there as by a
 * link: to load the page takes longer than most of what is tested. With options, if only `{}`, it is another one, which ends with the test.
 */
type Open = (place: string, options?: BrowserContextOptions & { readonly url?: string }) => Promise<OpenPage>

/** A test with a browser and a daemon that those of its file share, and `open`. */
export const pageTest = lineTest.extend<{ browser: Browser; usual: { opened?: OpenPage }; open: Open }>({
  browser: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from it which fixtures are wanted
    async ({}, use) => {
      const browser = await startBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  // oxlint-disable-next-line no-empty-pattern -- as above
  usual: [async ({}, use) => use({}), { scope: 'file' }],
  open: async ({ browser, daemon, usual, task }, use) => {
    const own: Page[] = []
    await use(async (place, options) => {
      if (options === undefined) {
        usual.opened ??= await openIn(browser, daemon.url)
        usual.opened.wrong.length = 0
        await usual.opened.page.goto(`${daemon.url}/#${place}`)
        return usual.opened
      }
      const it = await openIn(browser, `${options.url ?? daemon.url}/#${place}`, options)
      own.push(it.page)
      return it
    })
    // nobody knows what a test that failed left there
    if (task.result?.state === 'fail' && usual.opened) {
      own.push(usual.opened.page)
      delete usual.opened
    }
    for (const page of own) {
      // what a page asks again and again is under way when its test ends
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await page.context().close()
    }
  },
})

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** What axe has against a page as it is now, by the rules of WCAG 2.2 AA: what is serious or worse. */
export async function findingsOf(page: Page): Promise<string[]> {
  // half a megabyte: a document is given it once
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe)
  const found = await page.evaluate<Finding[]>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], preload: false })
      .then(({ violations }) => violations)`,
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
}
