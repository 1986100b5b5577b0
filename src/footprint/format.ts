import type { AttributeType } from './definition.js'
import { floatText, pythonText } from './python.js'

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bdeEfFgGnosxX%])?$/su
/** Characters; Python has no limit, a typing error of a user should. */
const WIDEST = 10_000
const MOST_DIGITS = 60

interface Spec {
  readonly precision: number | undefined
  readonly group: string
  readonly type: string
}

/**
 * The text that Python's `format` makes of a value, as in `[i%03d]`, `[f%.2f]`, `[m%>5s]`.
 * @param spec what follows `%`.
 * @param type of the attribute that holds the value, where it is known.
 * @returns undefined when Python refuses it; also for `c`, `#` with a float, `0` or `n` with a grouping sign, widths above 10,000 and precisions
 * above 60.
 */
export function pythonFormat(value: unknown, spec: string, type?: AttributeType): string | undefined {
  const found = SPEC.exec(spec)
  if (!found) return undefined
  const [, fill, align, sign, alternate, zero, width = '0', group = '', precision, form = ''] = found
  const parts: Spec = { precision: precision === undefined ? undefined : Number(precision), group, type: form }
  const isBased = form !== '' && 'boxX'.includes(form)
  if ((alternate !== undefined && !isBased) || (group !== '' && (zero !== undefined || form === 'n'))) return undefined
  if (Number(width) > WIDEST || (parts.precision ?? 0) > MOST_DIGITS) return undefined
  if (typeof value === 'string') {
    if (sign !== undefined || group !== '' || align === '=' || (form !== '' && form !== 's')) return undefined
    const text = parts.precision === undefined ? value : Array.from(value).slice(0, parts.precision).join('')
    return padded('', text, fill ?? zero ?? ' ', align ?? '<', Number(width))
  }
  if (typeof value !== 'number' && typeof value !== 'boolean') return spec === '' ? pythonText(value, type) : undefined
  if (spec === '') return pythonText(value, type)
  const body = numberBody(Number(value), parts, type === 'float' || !Number.isInteger(Number(value)))
  if (body === undefined) return undefined
  const minus = Object.is(Number(value), -0) || Number(value) < 0 ? '-' : sign === '+' || sign === ' ' ? sign : ''
  const prefix = alternate === undefined ? '' : `0${form}`
  return padded(minus + prefix, body, fill ?? zero ?? ' ', align ?? (zero ? '=' : '>'), Number(width))
}

function padded(head: string, body: string, fill: string, align: string, width: number): string {
  const missing = Math.max(0, width - Array.from(head + body).length)
  const left = align === '<' ? 0 : align === '^' ? Math.floor(missing / 2) : missing
  const [before, after] = [fill.repeat(left), fill.repeat(missing - left)]
  return align === '=' ? head + before + body : before + head + body + after
}

/** The digits of a number without its sign. */
function numberBody(value: number, spec: Spec, isFloat: boolean): string | undefined {
  const size = Math.abs(value)
  switch (spec.type) {
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      if (isFloat || spec.precision !== undefined || spec.group === ',') return undefined
      return grouped(inBase(size, spec.type), spec.group, 4)
    case 'd':
      return isFloat || spec.precision !== undefined ? undefined : grouped(BigInt(size).toString(), spec.group, 3)
    case 's':
      return undefined
    case '%':
      return `${grouped(fixed(size * 100, spec.precision ?? 6), spec.group, 3)}%`
    case 'f':
    case 'F':
      return cased(grouped(fixed(size, spec.precision ?? 6), spec.group, 3), spec.type)
    case 'e':
    case 'E':
      return cased(exponential(size, spec.precision ?? 6), spec.type)
    case 'g':
    case 'G':
      return cased(grouped(general(size, spec.precision ?? 6), spec.group, 3), spec.type)
    default:
      if (!isFloat) return spec.precision === undefined ? grouped(BigInt(size).toString(), spec.group, 3) : undefined
      if (spec.type === 'n') return general(size, spec.precision ?? 6)
      return grouped(spec.precision === undefined ? floatText(size) : general(size, spec.precision, 1), spec.group, 3)
  }
}

function inBase(size: number, type: string): string {
  const text = BigInt(size).toString(type === 'b' ? 2 : type === 'o' ? 8 : 16)
  return type === 'X' ? text.toUpperCase() : text
}

const cased = (text: string, type: string) => ('EFG'.includes(type) ? text.toUpperCase() : text)

function grouped(text: string, sign: string, size: number): string {
  if (sign === '') return text
  const [whole = '', ...rest] = text.split(/(?=[.e])/)
  return whole.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), sign) + rest.join('')
}

/** Python rounds what lies exactly between two to the even one; JavaScript away from 0. `longer` has more digits of the same number. */
function even(rounded: string, longer: string): string {
  const places = rounded.length
  const tail = longer.slice(places).replace('.', '')
  const truncated = longer.slice(0, places)
  return /^50*$/.test(tail) && /[02468]$/.test(truncated) ? truncated : rounded
}

function fixed(size: number, places: number): string {
  if (size === Infinity) return 'inf'
  if (size >= 1e21) return BigInt(size).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '')
  return even(size.toFixed(places), size.toFixed(places + 30))
}

function exponential(size: number, places: number): string {
  if (size === Infinity) return 'inf'
  const [rounded = '', exponent = '+0'] = size.toExponential(places).split('e')
  const [longer = '', other] = size.toExponential(places + 30).split('e')
  // what was carried into the next power of ten became even by it
  const mantissa = exponent === other ? even(rounded, longer) : rounded
  return `${mantissa}e${exponent.replace(/^([+-])(\d)$/, '$10$2')}`
}

/** @param least decimals that a text without an exponent keeps: 1 is the form of a float that names no type. */
function general(size: number, precision: number, least = 0): string {
  const digits = Math.max(precision, 1)
  if (size === Infinity) return 'inf'
  const scientific = exponential(size, digits - 1)
  const [mantissa = '', power = '0'] = scientific.split('e')
  const exponent = Number(power)
  const strip = (text: string) => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  if (exponent < -4 || exponent >= digits - least) return `${strip(mantissa)}e${power}`
  const text = strip(fixed(size, digits - 1 - exponent))
  return least > 0 && !text.includes('.') ? `${text}.0` : text
}
