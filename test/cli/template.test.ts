import { expect, test } from 'vitest'
import { fill } from '../../src/cli/template.js'

test.each([
  // input, {} {.} {/} {//} {/.}: what GNU parallel 20221122 prints
  ['a/b.jpg', 'a/b.jpg|a/b|b.jpg|a|b'],
  ['.bashrc', '.bashrc||.bashrc|.|'],
  ['a.d/x', 'a.d/x|a.d/x|x|a.d|x'],
  ['noext', 'noext|noext|noext|.|noext'],
  ['/abs.txt', '/abs.txt|/abs|abs.txt|/|abs'],
  ['x.tar.gz', 'x.tar.gz|x.tar|x.tar.gz|.|x.tar'],
  ['a/', 'a/|a/||.|'],
])('of %j the replacement strings are %j', (input, expected) => {
  expect(fill('{}|{.}|{/}|{//}|{/.}', input, 1)).toBe(expected)
})

test('a text has any number of them, and its number; what is put in is not looked at again', () => {
  expect(fill('{#}-{}{}.{x}', '{.}', 7)).toBe('7-{.}{.}.{x}')
})
