import { afterAll, afterEach } from 'vitest'
import { forgetStrangers, newBreaches } from './breaches.js'

// A breach of the contract fails the test in which it comes, and its file: a test that is given another chance must not hide it.
const ever: string[] = []
afterEach(() => {
  const found = newBreaches()
  ever.push(...found)
  if (found.length > 0) throw new Error(`the contract was broken:\n${found.join('\n')}`)
})
afterAll(() => {
  const found = [...ever, ...newBreaches()]
  forgetStrangers()
  if (found.length > 0) throw new Error(`the contract was broken in this file:\n${[...new Set(found)].join('\n')}`)
})
