import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

/** Debian calls it chromium. */
const names = ['chromium', 'chromium-browser', 'google-chrome']

/** A page in a real browser, of one test. */
export interface OpenPage {
  readonly page: Page
  /** What its console told of errors, breaches of its policy included, what it threw, and what it asked of other origins. */
  readonly wrong: string[]
}

/** Starts a browser; whoever starts it closes it. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: inPath(), chromiumSandbox: process.getuid?.() !== 0 })

/** Opens an address in a browser of its own, which ends with the test. */
export async function openPage(url: string): Promise<OpenPage> {
  const browser = await startBrowser()
  onTestFinished(() => browser.close())
  return openIn(browser, url)
}

/** Opens an address in a session of its own. */
export async function openIn(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const page = await browser.newPage(options)
  const wrong: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrong.push(`thrown: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) wrong.push(`asked elsewhere: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`answered ${response.status()}: ${response.url()}`)
  })
  await page.goto(url)
  return { page, wrong }
}

function inPath(): string {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)))
  const found = candidates.find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error('no browser is in PATH; scripts/ready.sh --test installs chromium')
  return found
}
