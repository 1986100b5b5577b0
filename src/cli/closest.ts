import { closest as nearest, distance } from 'fastest-levenshtein'

/** What may have been meant, as a parenthesis for a message; empty when nothing comes near. */
export function closest(given: string, words: readonly string[]): string {
  const word = nearest(given, [...words])
  return distance(given, word) <= Math.max(2, Math.floor(word.length / 3)) ? ` (did you mean ${word}?)` : ''
}

/** What is written almost like it: two letters off, one where a word is short; undefined when nothing is. */
export function near(given: string, words: readonly string[]): string | undefined {
  const word = nearest(given, [...words])
  return distance(given, word) <= (Math.min(given.length, word.length) < 5 ? 1 : 2) ? word : undefined
}
