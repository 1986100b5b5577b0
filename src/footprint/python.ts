import type { AttributeType } from './definition.js'

/**
 * The text that Python's `str` makes of a JSON value. Whole numbers are ints: JSON does not tell 2.0 from 2.
 * @param type of the attribute that holds it, where it is known: a `float` 2 is `2.0`.
 */
export function pythonText(value: unknown, type?: AttributeType): string {
  if (typeof value === 'string') return value
  if (type === 'float' && typeof value === 'number') return floatText(value)
  if (Array.isArray(value)) {
    const items = value.map(pythonLiteral).join(', ')
    if (type === 'FPTuple') return value.length === 1 ? `(${items},)` : `(${items})`
    if (type === 'FPSet') return value.length === 0 ? 'FPSet()' : `FPSet({${items}})`
  }
  return pythonLiteral(value)
}

/** The text that Python's `repr` makes of a float. */
export function floatText(value: number): string {
  if (!Number.isInteger(value)) return numberText(value)
  if (Object.is(value, -0)) return '-0.0'
  return Math.abs(value) < 1e16 ? value.toFixed(1) : value.toExponential()
}

/** The text that Python's `repr` makes of a JSON value. */
function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  const items = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${pythonLiteral(item)}`)
  return `{${items.join(', ')}}`
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString()
  // JSON's 1e400
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  // Python writes an exponent below 1e-4, of two digits at least; the large numbers that have one are whole
  const text = Math.abs(value) < 1e-4 ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = text.replace(/[\\\n\r\t]/g, (sign) => ESCAPES[sign] ?? sign)
  return mark + (mark === "'" ? inner.replaceAll("'", "\\'") : inner) + mark
}
