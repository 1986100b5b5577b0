import { expect, test } from 'vitest'
import { rowsOfNdjson } from '../../src/http/ndjson.js'

async function* chunksOf(...chunks: (string | Uint8Array)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

async function slicesIn(chunks: AsyncIterable<Uint8Array>, maxRows = 10_000) {
  const slices = []
  for await (const slice of rowsOfNdjson(chunks, maxRows)) slices.push(slice)
  return slices
}

const rowsIn = async (...chunks: (string | Uint8Array)[]) => (await slicesIn(chunksOf(...chunks))).flat()

test('lines become rows, also the last one without a newline; empty lines are skipped', async () => {
  expect(await rowsIn('{"a":1}\n\n  \r\n{"a":2}\r\n{"a":3}')).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }])
  expect(await rowsIn('')).toEqual([])
})

test('a row is the same wherever the network cuts it, also inside a character', async () => {
  const text = Buffer.from('{"name":"é€😀"}\n{"name":"b"}\n')
  for (let cut = 0; cut <= text.length; cut += 1) {
    expect(await rowsIn(text.subarray(0, cut), text.subarray(cut))).toEqual([{ name: 'é€😀' }, { name: 'b' }])
  }
  expect(await rowsIn(...Array.from(text, (byte) => Uint8Array.of(byte)))).toEqual([{ name: 'é€😀' }, { name: 'b' }])
})

test('a line that nests deeper than anybody writes is refused by its number; brackets in a text are no nesting', async () => {
  const nested = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
  expect(await rowsIn(nested(499))).toHaveLength(1)
  for (const deep of [nested(500), nested(100_000), `${'{"a":'.repeat(501)}1${'}'.repeat(501)}`])
    await expect(rowsIn(`{"a":1}\n${deep}`)).rejects.toMatchObject({ code: 'invalid', facts: { line: 2 } })
  const text = '['.repeat(5_000)
  for (const value of [text, `"${text}`, `\\${text}`, `\\"${text}`, `${text}\\`]) {
    expect(await rowsIn(JSON.stringify({ value, after: [] }))).toEqual([{ value, after: [] }])
  }
  expect(await rowsIn(`{"a":[${'[],'.repeat(2_000)}[]]}`)).toHaveLength(1)
})

test('slices hold 500 rows at most', async () => {
  const slices = await slicesIn(chunksOf('{"a":1}\n'.repeat(1200)))
  expect(slices.map(({ length }) => length)).toEqual([500, 500, 200])
})

test('nothing is read before a slice is asked for, and no more than it takes', async () => {
  let read = 0
  async function* endless() {
    for (;;) {
      read += 1
      yield Buffer.from('{"a":1}\n'.repeat(500))
    }
  }
  const slices = rowsOfNdjson(endless(), 10_000)
  expect(read).toBe(0)
  await slices.next()
  expect(read).toBe(1)
  await slices.return()
})

test('a line that is no JSON or no object is named, counted from 1 with the empty ones', async () => {
  await expect(rowsIn('{"a":1}\n\n', '{"a":')).rejects.toMatchObject({ code: 'bad-json', facts: { line: 3 } })
  await expect(rowsIn('{"a":1}\n[1]\n')).rejects.toMatchObject({ code: 'invalid', facts: { line: 2 } })
  await expect(rowsIn('null')).rejects.toMatchObject({ code: 'invalid', facts: { line: 1 } })
})

test('more rows than allowed, and a line over 16 MiB, are too large', async () => {
  await expect(slicesIn(chunksOf('{}\n{}\n{}\n'), 2)).rejects.toMatchObject({ code: 'too-large', facts: { max_rows: 2 } })
  const mebibyte = 'x'.repeat(1024 * 1024)
  await expect(rowsIn('{}\n{"a":"', ...Array.from({ length: 17 }, () => mebibyte))).rejects.toMatchObject({
    code: 'too-large',
    facts: { line: 2 },
  })
})

test('what the upload throws passes through, so that a broken one is not taken for a whole one', async () => {
  async function* broken() {
    yield Buffer.from('{"a":1}\n')
    throw new Error('aborted')
  }
  await expect(slicesIn(broken())).rejects.toThrow('aborted')
})
