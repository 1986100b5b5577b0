import { expect, test } from 'vitest'
import { BadArray, bytesOf, checkLayout, dtypes, parseHeader, renderHeader, type Dtype } from '../../src/arrays/npy.js'

const names = Object.keys(dtypes) as Dtype[]

/** A header as others write it. */
function header(text: string, [major, minor] = [1, 0]): Buffer {
  const length = Buffer.alloc(major === 1 ? 2 : 4)
  length.writeUInt16LE(text.length)
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([major, minor]), length, Buffer.from(text, 'latin1')])
}
const plain = (descr: string, fortran = 'False', shape = '(2, 3)') =>
  header(`{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }   \n`)

test.each(names.flatMap((dtype) => [[], [0], [7], [2, 3], [1, 2, 3, 4]].map((shape) => ({ dtype, shape }))))(
  'a header of $dtype and shape $shape is read as it was written, and its data are aligned',
  (layout) => {
    const written = renderHeader(layout)
    expect(written.length % 64).toBe(0)
    expect(parseHeader(written)).toEqual({ ...layout, offset: written.length })
  },
)

test('a header that has not come in whole is not judged yet', () => {
  const whole = renderHeader({ dtype: 'int8', shape: [1] })
  for (let bytes = 0; bytes < whole.length; bytes++) expect(parseHeader(whole.subarray(0, bytes))).toBeUndefined()
})

test.each([
  ['of version 2.0', header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n", [2, 0]), { dtype: 'float64', shape: [3] }],
  ['in another order', header("{'shape': (3,), 'fortran_order': False, 'descr': '<i4'}\n"), { dtype: 'int32', shape: [3] }],
  ['of one byte, whatever its byte order', plain('>u1'), { dtype: 'uint8', shape: [2, 3] }],
  ['of one dimension, where both orders are the same', plain('<f4', 'True', '(5,)'), { dtype: 'float32', shape: [5] }],
])('a header %s is read', (_, given, expected) => {
  expect(parseHeader(given)).toMatchObject(expected)
})

test.each([
  ['no .npy file', Buffer.from('PK\x03\x04'), 'numpy.save'],
  ['a version to come', header('{}', [3, 0]), 'versions 1.0 and 2.0'],
  ['Fortran order', plain('<f8', 'True'), 'numpy.ascontiguousarray'],
  ['big-endian', plain('>f8'), "newbyteorder('<')"],
  ['complex numbers', plain('<c16'), 'float64'],
  ['text', plain('<U8'), 'float64'],
  ['objects', plain('|O'), 'float64'],
  ['a structure', header("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (3,), }\n"), 'structured'],
  ['a negative length', plain('<f8', 'False', '(-1,)'), 'not as numpy writes it'],
  ['too many elements', plain('<f8', 'False', '(9007199254740991, 2)'), 'too large'],
  ['no dictionary', header('shape\n'), 'not as numpy writes it'],
])('%s is refused, and it is told what to do', (_, given, words) => {
  expect(() => parseHeader(given)).toThrow(BadArray)
  expect(() => parseHeader(given)).toThrow(words)
})

test('a layout that no file can have is refused', () => {
  for (const shape of [[-1], [1.5], [2 ** 52, 2], Array.from({ length: 65 }, () => 1)])
    expect(() => checkLayout({ dtype: 'float64', shape })).toThrow(BadArray)
  expect(bytesOf({ dtype: 'int16', shape: [3, 4] })).toBe(24)
})
