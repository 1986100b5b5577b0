/** Element types that a typed array holds, with the bytes of one element and numpy's descriptor. */
export const dtypes = {
  int8: { bytes: 1, descr: '|i1' },
  int16: { bytes: 2, descr: '<i2' },
  int32: { bytes: 4, descr: '<i4' },
  int64: { bytes: 8, descr: '<i8' },
  uint8: { bytes: 1, descr: '|u1' },
  uint16: { bytes: 2, descr: '<u2' },
  uint32: { bytes: 4, descr: '<u4' },
  uint64: { bytes: 8, descr: '<u8' },
  float32: { bytes: 4, descr: '<f4' },
  float64: { bytes: 8, descr: '<f8' },
  bool: { bytes: 1, descr: '|b1' },
} as const
export type Dtype = keyof typeof dtypes

/** What an array is made of: C order, little-endian. */
export interface Layout {
  readonly dtype: Dtype
  /** Lengths of its dimensions; none for a single value. */
  readonly shape: readonly number[]
}

/** Bytes that are no .npy file, or one that cannot be shared; the message says what to do. */
export class BadArray extends Error {}

const magic = Buffer.from('\x93NUMPY', 'latin1')
/** The data of a file begin at a multiple of this, as numpy writes it, so that every element type is aligned. */
const alignment = 64
/** Longer headers belong to structured types, which are not taken. */
const mostHeaderBytes = 64 * 1024
const mostDimensions = 64

/** Elements of an array; 1 when it has no dimensions. */
export const lengthOf = ({ shape }: Layout) => shape.reduce((product, length) => product * length, 1)

/** Bytes of an array's elements. */
export const bytesOf = (layout: Layout) => lengthOf(layout) * dtypes[layout.dtype].bytes

/**
 * Holds a layout to what a file can have.
 * @throws {BadArray}
 */
export function checkLayout(layout: Layout): void {
  const { shape } = layout
  if (shape.length > mostDimensions) throw new BadArray(`an array has at most ${mostDimensions} dimensions, this one has ${shape.length}`)
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw new BadArray(`a shape is a list of whole numbers from 0 on, not [${shape.join(', ')}]`)
  if (!Number.isSafeInteger(bytesOf(layout))) throw new BadArray(`an array of shape [${shape.join(', ')}] is too large`)
}

/** The header of a .npy file, version 1.0, padded so that the data that follow are aligned. */
export function renderHeader({ dtype, shape }: Layout): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  const text = `{'descr': '${dtypes[dtype].descr}', 'fortran_order': False, 'shape': ${tuple}, }`
  const preamble = magic.length + 4
  const bytes = Math.ceil((preamble + text.length + 1) / alignment) * alignment
  const header = Buffer.alloc(bytes, ' ')
  magic.copy(header)
  header[magic.length] = 1
  header[magic.length + 1] = 0
  header.writeUInt16LE(bytes - preamble, magic.length + 2)
  header.write(text, preamble, 'latin1')
  header[bytes - 1] = 10
  return header
}

/** A header as it was read. */
export interface Header extends Layout {
  /** Where the data begin. */
  readonly offset: number
}

/**
 * Reads the header of a .npy file, version 1.0 or 2.0.
 * @param start the file's first bytes, as many as there are so far.
 * @returns undefined when the header is longer than that.
 * @throws {BadArray} for what is no such file, and for what cannot be shared: Fortran order, big-endian, other element types.
 */
export function parseHeader(start: Buffer): Header | undefined {
  const compared = Math.min(start.length, magic.length)
  if (start.compare(magic, 0, compared, 0, compared) !== 0)
    throw new BadArray('this is no .npy file, which begins with \\x93NUMPY; write one with numpy.save')
  if (start.length < 12) return undefined
  const [major, minor] = [start[magic.length], start[magic.length + 1]]
  if ((major !== 1 && major !== 2) || minor !== 0)
    throw new BadArray(`this is a .npy file of version ${major}.${minor}; versions 1.0 and 2.0 are taken`)
  const [from, length] = major === 1 ? [10, start.readUInt16LE(8)] : [12, start.readUInt32LE(8)]
  if (length > mostHeaderBytes) throw new BadArray(`its header has ${length} bytes; that of a plain array has fewer than 200`)
  if (start.length < from + length) return undefined
  return { ...layoutOf(start.toString('latin1', from, from + length)), offset: from + length }
}

/** Reads the dictionary of a header, a Python literal. */
function layoutOf(text: string): Layout {
  if (/'descr'\s*:\s*\[/.test(text)) throw new BadArray('structured arrays are not taken; save each field as an array of its own')
  const [, descr] = /'descr'\s*:\s*'([^']*)'/.exec(text) ?? []
  const [, fortran] = /'fortran_order'\s*:\s*(True|False)/.exec(text) ?? []
  const [, tuple] = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text) ?? []
  if (descr === undefined || fortran === undefined || tuple === undefined)
    throw new BadArray(`its header is not as numpy writes it: ${text.trim().slice(0, 200)}`)
  const shape = [...tuple.matchAll(/\d+/g)].map(Number)
  const layout = { dtype: dtypeOf(descr), shape }
  checkLayout(layout)
  // with one dimension both orders are the same
  if (fortran === 'True' && shape.length > 1)
    throw new BadArray('it is in Fortran order; save it in C order: numpy.save(file, numpy.ascontiguousarray(a))')
  return layout
}

function dtypeOf(descr: string): Dtype {
  const [, order = '', code = ''] = /^([<>|=]?)(\w+)$/.exec(descr) ?? []
  const names = Object.keys(dtypes) as Dtype[]
  const dtype = names.find((name) => dtypes[name].descr.slice(1) === code)
  if (!dtype) throw new BadArray(`elements of type "${descr}" are not taken; there is ${names.join(', ')}, as in a.astype('float64')`)
  if (order === '>' && dtypes[dtype].bytes > 1)
    throw new BadArray("it is big-endian; save it as little-endian: numpy.save(file, a.astype(a.dtype.newbyteorder('<')))")
  return dtype
}
