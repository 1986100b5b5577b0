import { parseHeader, renderHeader } from '../../dist/arrays/npy.js'

/** A .npy file of float64. @param shape lengths of its dimensions. @param elements in C order. */
export const npyOf = (shape, elements) =>
  Buffer.concat([renderHeader({ dtype: 'float64', shape }), new Uint8Array(Float64Array.from(elements).buffer)])

/** What a .npy file of float64 or int64 holds. */
export function arrayOf(file) {
  const { dtype, shape, offset } = parseHeader(file)
  const bytes = Uint8Array.from(file.subarray(offset)).buffer
  return { shape, elements: dtype === 'int64' ? new BigInt64Array(bytes) : new Float64Array(bytes) }
}

/** A matrix as numpy prints it: eight decimals at most, points below each other. */
export function textOf({ shape: [, columns], elements }) {
  const texts = Array.from(elements, (value) =>
    Number.isFinite(value) ? value.toFixed(8).replace(/0+$/, '') : `${value}`.toLowerCase().replace('inity', ''),
  )
  const decimals = (text) => (text.includes('.') ? text.length - text.indexOf('.') - 1 : undefined)
  const most = Math.max(0, ...texts.map((text) => decimals(text) ?? 0))
  const padded = texts.map((text) => text + ' '.repeat(most - (decimals(text) ?? most)))
  const width = Math.max(...padded.map((text) => text.length))
  const rows = []
  for (let at = 0; at < padded.length; at += columns)
    rows.push(
      padded
        .slice(at, at + columns)
        .map((text) => text.padStart(width))
        .join(' '),
    )
  return `[${rows.map((row) => `[${row}]`).join('\n ')}]`
}
