import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { dtypes, type Dtype } from '../../src/arrays/npy.js'
import { aBossWithArrays, fileOf, npyOf, placesOf, put, python, shelfOf, type ArrayDocument } from '../support/arrays.js'
import { lineTest as test, type Problem } from '../support/daemon.js'
import { until } from '../support/temp.js'

const float = npyOf({ dtype: 'float64', shape: [2, 2] }, Float64Array.of(1, 2, 3, 4))
const list = async (get: { get<T>(path: string): Promise<{ body: T }> }, boss: number) =>
  (await get.get<{ items: ArrayDocument[] }>(`/v1/bosses/${boss}/arrays`)).body.items

test('what numpy saved comes back, of every element type and rank', async ({ daemon, dir }) => {
  const boss = await aBossWithArrays(daemon)
  const save = `
import numpy, sys
for dtype in sys.argv[2:]:
    numpy.save(f"{sys.argv[1]}/{dtype}.npy", numpy.arange(24).reshape(2, 3, 4).astype(dtype))
numpy.save(f"{sys.argv[1]}/single.npy", numpy.float32(1.5))
numpy.save(f"{sys.argv[1]}/empty.npy", numpy.zeros((0, 3), dtype="int8"))`
  const names = Object.keys(dtypes) as Dtype[]
  await python(save, dir, ...names)
  for (const name of [...names, 'single', 'empty']) {
    const saved = readFileSync(`${dir}/${name}.npy`)
    const { status, body } = await put(daemon, boss, name, saved)
    expect({ status, body }).toMatchObject({ status: 201, body: { name, path: expect.stringContaining(shelfOf(daemon.data)) } })
    const back = await fileOf(daemon, boss, name)
    expect(back.equals(saved), name).toBe(true)
  }
  expect((await list(daemon, boss.id)).map(({ name }) => name)).toEqual([...names, 'single', 'empty'].toSorted())
})

test('zeros are made with the Boss, and its instructions see them', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon, {
    arrays: { x: { dtype: 'uint16', shape: [2, 3] }, other: { dtype: 'bool', shape: [] } },
    instructions: [{ kind: 'looking' }, { kind: 'looking', x: 'is overlaid', one: 'other' }],
    end: true,
  })
  const reports = (await daemon.reportOnceOver(boss)).workers_report.map(({ report }) => report)
  const x = { name: 'x', dtype: 'uint16', shape: [2, 3] }
  const other = { name: 'other', dtype: 'bool', shape: [] }
  expect(reports).toEqual([
    { x, one: null, arrays: { x, other } },
    { x, one: other, arrays: { x, other } },
  ])
  expect(await fileOf(daemon, boss, 'x')).toEqual(npyOf({ dtype: 'uint16', shape: [2, 3] }, new Uint16Array(6)))
})

test('a program gets the path of each array in its environment', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon, {
    arrays: { some_array: { dtype: 'int8', shape: [4] } },
    instructions: [{ kind: 'command', program: 'sh', args: ['-c', 'printf %s "$TAYLORD_ARRAY_some_array"'] }],
    end: true,
  })
  const [{ path } = { path: '' }] = await list(daemon, boss.id)
  expect((await daemon.reportOnceOver(boss)).workers_report[0]?.report).toMatchObject({ stdout: path })
})

test('an instruction whose array is missing is refused, and taken once it is there', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon)
  for (const [row, array] of [
    [{ kind: 'summer', value: 1 }, 'shared_sum'],
    [{ kind: 'looking', one: 'nowhere' }, 'nowhere'],
  ] as const) {
    const path = `/v1/bosses/${boss.id}/instructions`
    for (const call of [path, `${path}?dry_run=true`]) {
      const refused = await daemon.post<Problem>(call, { instructions: [row] })
      expect(refused).toMatchObject({ status: 422, body: { code: 'missing-array', array } })
    }
    expect((await put(daemon, boss, array, float)).status).toBe(201)
    expect((await daemon.append(boss, { instructions: [row] })).count).toBe(1)
  }
  const made = await daemon.post<Problem>('/v1/bosses', { instructions: [{ kind: 'summer', value: 1, shared_sum: [0] }] })
  expect(made).toMatchObject({ status: 422, body: { code: 'missing-array' } })
})

test('what is no array that can be shared is refused, and leaves nothing', async ({ daemon, dir }) => {
  const boss = await aBossWithArrays(daemon)
  const places = placesOf(daemon.data)
  await python(
    `
import numpy, sys
a = numpy.arange(6.).reshape(2, 3)
numpy.save(f"{sys.argv[1]}/fortran.npy", numpy.asfortranarray(a))
numpy.save(f"{sys.argv[1]}/big.npy", a.astype(">f8"))`,
    dir,
  )
  const bad: [Buffer, string][] = [
    [readFileSync(`${dir}/fortran.npy`), 'ascontiguousarray'],
    [readFileSync(`${dir}/big.npy`), 'newbyteorder'],
    [Buffer.from('nonsense'), 'numpy.save'],
    [float.subarray(0, 20), 'whole .npy file'],
    [float.subarray(0, -1), 'promises 32 bytes'],
    [Buffer.concat([float, Buffer.alloc(1)]), 'promises 32 bytes'],
  ]
  for (const [body, words] of bad) {
    const answer = await put<Problem>(daemon, boss, 'x', body)
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid', detail: expect.stringContaining(words) } })
  }
  const path = `/v1/bosses/${boss.id}/arrays`
  const asJson = await daemon.call<Problem>('PUT', `${path}/x`, { json: {} })
  expect(asJson).toMatchObject({ status: 415, body: { code: 'unsupported-type' } })
  const nothing = await daemon.call<Problem>('PUT', `${path}/x`)
  expect(nothing.status).toBeGreaterThanOrEqual(415)
  for (const name of ['kind', 'name', 'memory', '..%2Fx', '_x', 'a-b', 'x'.repeat(65)])
    expect((await put(daemon, boss, name, float)).status, name).toBe(422)
  expect((await put<Problem>(daemon, { ...boss, id: 999_999 }, 'x', float)).body.code).toBe('not-found')
  expect(await daemon.get(`${path}/x`)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  expect(placesOf(daemon.data)).toEqual(places)
})

test('what /dev/shm has no room for is refused before it is sent, and the Boss with it', async ({ daemon }) => {
  const places = placesOf(daemon.data)
  const shape = [2 ** 45]
  const made = await daemon.post<Problem>('/v1/bosses', { arrays: { small: { dtype: 'int8', shape: [1] }, x: { dtype: 'int8', shape } } })
  expect(made).toMatchObject({ status: 507, body: { code: 'store-refuses', needed: 2 ** 45 + 128 } })
  const boss = await aBossWithArrays(daemon)
  const header = npyOf({ dtype: 'int8', shape }, new Int8Array())
  // the rest never comes: the refusal does not wait for it
  const endless = new ReadableStream({ start: (out) => out.enqueue(new Uint8Array(header)) })
  const gone = new AbortController()
  const answer = await fetch(`${daemon.url}/v1/bosses/${boss.id}/arrays/x`, {
    method: 'PUT',
    body: endless,
    duplex: 'half',
    headers: { 'content-type': 'application/octet-stream' },
    signal: gone.signal,
  })
  expect(answer.status).toBe(507)
  gone.abort()
  expect(placesOf(daemon.data)).toEqual(places)
})

test('an upload that breaks off leaves nothing', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon)
  const places = placesOf(daemon.data)
  const header = npyOf({ dtype: 'int8', shape: [1_000_000] }, new Int8Array(1000))
  const gone = new AbortController()
  const putting = fetch(`${daemon.url}/v1/bosses/${boss.id}/arrays/x`, {
    method: 'PUT',
    body: new ReadableStream({ start: (out) => out.enqueue(new Uint8Array(header)) }),
    duplex: 'half',
    headers: { 'content-type': 'application/octet-stream' },
    signal: gone.signal,
  })
  await until(() => placesOf(daemon.data).length > places.length, 'the file is begun')
  gone.abort()
  await expect(putting).rejects.toThrow()
  await until(() => placesOf(daemon.data).length === places.length, 'the file is removed')
  expect(await list(daemon, boss.id)).toEqual([])
})

test('an array that running work may have mapped is neither replaced nor removed; others may be added', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon, { arrays: { x: { dtype: 'float64', shape: [1] } }, instructions: [{ kind: 'mapping' }] })
  await until(async () => (await daemon.boss(boss)).counts.working === 1, 'it runs')
  const path = `/v1/bosses/${boss.id}/arrays`
  expect(await put(daemon, boss, 'x', float)).toMatchObject({ status: 409, body: { code: 'array-in-use' } })
  expect(await daemon.call('DELETE', `${path}/x`)).toMatchObject({ status: 409, body: { code: 'array-in-use' } })
  expect((await put(daemon, boss, 'y', float)).status).toBe(201)
  await daemon.tell(boss, 'stop?now=true')
  await until(async () => (await daemon.boss(boss)).over_at, 'it is over')
  expect(await put(daemon, boss, 'x', float)).toMatchObject({ status: 409, body: { code: 'boss-not-listening' } })
  expect((await fileOf(daemon, boss, 'y')).equals(float)).toBe(true)
  expect((await daemon.call('DELETE', `${path}/x`)).status).toBe(204)
  expect((await list(daemon, boss.id)).map(({ name }) => name)).toEqual(['y'])
})

test('an array that is replaced is another one for what starts from then on', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon, { arrays: { x: { dtype: 'int8', shape: [1] } }, instructions: [{ kind: 'looking' }] })
  const [before] = await list(daemon, boss.id)
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 1, 'it ran')
  const { status, body } = await until(async () => {
    const answer = await put(daemon, boss, 'x', float)
    return answer.status === 409 ? undefined : answer
  }, 'nothing runs')
  expect(status).toBe(200)
  expect(body.path).not.toBe(before?.path)
  await daemon.append(boss, { instructions: [{ kind: 'looking' }] })
  await until(async () => (await daemon.boss(boss)).counts.succeeded === 2, 'it ran again')
  const shapes = (await daemon.report(boss)).workers_report.map(({ report }) => (report as { x: ArrayDocument }).x.shape)
  expect(shapes).toEqual([[1], [2, 2]])
})

test('within a task the lock lets one at a time in, and a call from within', async ({ daemon }) => {
  const boss = await aBossWithArrays(daemon, {
    arrays: { x: { dtype: 'int8', shape: [1] } },
    instructions: [{ kind: 'locking' }],
    end: true,
  })
  expect((await daemon.reportOnceOver(boss)).workers_report[0]?.report).toEqual(['a', 'b', 'c'])
})
