import { closest as nearest, distance } from 'fastest-levenshtein'

/** What may have been meant, as a parenthesis for a message; empty when nothing comes near. */
export function closest(given: string, words: readonly string[]): string {
  const word = nearest(given, [...words])
  return distance(given, word) <= Math.max(2, Math.floor(word.length / 3)) ? ` (did you mean ${word}?)` : ''
}
