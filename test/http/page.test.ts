import { expect } from 'vitest'
import { openPage } from '../support/browser.js'
import { lineTest as test } from '../support/daemon.js'

test('a browser shows the contract, and finds nothing wrong with it: no breach of its policy, no error, no call elsewhere', async ({
  daemon,
}) => {
  const { page, wrong } = await openPage(`${daemon.url}/docs`)
  const route = page.locator('section#createBoss')
  expect(await route.locator('h3').innerText()).toMatch(/POST\s+\/v1\/bosses/)
  // its style is let in
  expect(await page.evaluate('getComputedStyle(document.body).display')).toBe('grid')
  await page.locator('nav a[href="#createBoss"]').click()
  expect(await page.evaluate('document.querySelector("#createBoss").getBoundingClientRect().top')).toBeLessThan(50)
  expect(wrong).toEqual([])
})
