import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { openIn, startBrowser, type OpenPage } from '../support/browser.js'
import { lineTest } from '../support/daemon.js'

export { expect }

/** How a page is opened: at a place of the dashboard, such as `/bosses`. */
type Open = (place: string, options?: BrowserContextOptions & { readonly url?: string }) => Promise<OpenPage>

/** A test with a browser and a daemon that those of its file share, and `open`, whose pages are closed with the test. */
export const pageTest = lineTest.extend<{ browser: Browser; open: Open }>({
  browser: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from it which fixtures are wanted
    async ({}, use) => {
      const browser = await startBrowser()
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  open: async ({ browser, daemon }, use) => {
    const opened: Page[] = []
    await use(async (place, { url = daemon.url, ...options } = {}) => {
      const it = await openIn(browser, `${url}/#${place}`, options)
      opened.push(it.page)
      return it
    })
    for (const page of opened) await page.context().close()
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
  await page.evaluate(axe)
  const found = await page.evaluate<Finding[]>(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(({ violations }) => violations)",
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)
}
