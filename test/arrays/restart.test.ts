import { existsSync, mkdirSync, statSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { aBossWithArrays, fileOf, npyOf, placesOf, put, removed, shelfOf, sumOf, type ArrayDocument } from '../support/arrays.js'
import { startDaemon, type Daemon, type Problem } from '../support/daemon.js'
import { Obstacle } from '../support/obstacle.js'
import { tempDir, until } from '../support/temp.js'
import type { BossDocument } from '../../src/boss/boss-document.js'

/** What a process has mapped; '' when it is gone. */
function mapsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1')
  } catch {
    return ''
  }
}

const list = async (daemon: Daemon, { id }: BossDocument) =>
  (await daemon.get<{ items: ArrayDocument[] }>(`/v1/bosses/${id}/arrays`)).body.items

test('with the Boss its arrays go, and the processes that still have them mapped', async () => {
  const daemon = await startDaemon()
  const boss = await aBossWithArrays(daemon, {
    arrays: { x: { dtype: 'float64', shape: [1000] } },
    instructions: [{ kind: 'looking' }],
    end: true,
  })
  const [{ path } = { path: '' }] = await list(daemon, boss)
  await daemon.reportOnceOver(boss)
  const mappers = async () => {
    const { body } = await daemon.get<{ items: { pid: number }[] }>('/v1/workers')
    return body.items.filter(({ pid }) => mapsOf(pid).includes(path))
  }
  expect(await mappers()).not.toEqual([])
  await removed(daemon, boss)
  expect(placesOf(daemon.data).some((place) => path.includes(place))).toBe(false)
  await until(async () => (await mappers()).length === 0, 'nobody has it mapped')
})

test('arrays outlive a daemon that is killed, what belongs to no Boss does not, and with the last Boss all is gone', async () => {
  const data = join(tempDir(), 'data')
  const first = await startDaemon({ data })
  const shelf = shelfOf(data)
  onTestFinished(() => rmSync(shelf, { recursive: true, force: true }))
  const asked = { name: 'sum', arrays: { shared_sum: { dtype: 'int64', shape: [2] } }, instructions: [{ kind: 'summer', value: 40 }] }
  const boss = await first.hire(asked)
  await until(async () => (await first.boss(boss)).counts.succeeded === 1, 'it ran')
  const before = await list(first, boss)
  await first.crash()
  mkdirSync(join(shelf, 'of-an-upload-that-broke-off'))

  const second = await startDaemon({ data })
  expect(placesOf(data)).toHaveLength(1)
  expect(await list(second, boss)).toEqual(before)
  expect(await sumOf(second, boss)).toBe(40)
  await second.append(boss, { instructions: [{ kind: 'summer', value: 2 }] })
  await second.tell(boss, 'end')
  await second.reportOnceOver(boss)
  expect(await sumOf(second, boss)).toBe(42)
  await second.stop()
  expect(placesOf(data)).toHaveLength(1)

  const third = await startDaemon({ data })
  expect(await sumOf(third, boss)).toBe(42)
  await removed(third, boss)
  expect(existsSync(shelf)).toBe(false)
})

test('after a restart of the machine an array can be put again; until then what needs it fails with a word', async () => {
  const data = join(tempDir(), 'data')
  const daemon = await startDaemon({ data })
  const boss = await aBossWithArrays(daemon, { arrays: { shared_sum: { dtype: 'int64', shape: [2] } } })
  rmSync(shelfOf(data), { recursive: true })
  const gone = await daemon.get<Problem>(`/v1/bosses/${boss.id}/arrays/shared_sum`)
  expect(gone).toMatchObject({ status: 404, body: { detail: expect.stringContaining('PUT it again') } })
  await daemon.append(boss, { instructions: [{ kind: 'summer', value: 1 }] })
  await until(async () => (await daemon.boss(boss)).counts.failed === 1, 'it failed')
  const [entry] = (await daemon.report(boss)).workers_report
  expect(entry).toMatchObject({ cause: 'exception', error: { message: expect.stringContaining('PUT it again') } })
  const layout = { dtype: 'int64' as const, shape: [2] }
  const again = npyOf(layout, BigInt64Array.of(5n, 0n))
  await until(async () => (await put(daemon, boss, 'shared_sum', again)).status === 200, 'nothing runs')
  expect((await fileOf(daemon, boss, 'shared_sum')).equals(again)).toBe(true)
})

test('an array that is put while it is removed is there or is not, and its file with it', async () => {
  const daemon = await startDaemon()
  const obstacle = new Obstacle(daemon)
  const boss = await aBossWithArrays(daemon, { start: false, arrays: { x: { dtype: 'int8', shape: [1] } } })
  const file = npyOf({ dtype: 'int8', shape: [1000] }, new Int8Array(1000))
  const { pathname, port } = new URL(`${daemon.url}/v1/bosses/${boss.id}`)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': file.length }
  const upload = request(`${daemon.url}${pathname}/arrays/x`, { method: 'PUT', headers })
  const uploaded = once(upload, 'response')
  upload.write(file.subarray(0, 500))
  await until(() => placesOf(daemon.data).length === 2, 'the upload has begun')
  obstacle.hold()
  // one packet, so one turn: should the removal look for the array in it and act in the next one, then behind the upload
  const socket = connect(Number(port), '127.0.0.1', () => {
    socket.write(`DELETE ${pathname}/arrays/x HTTP/1.1\r\nhost: localhost\r\n\r\nPOST ${pathname}/work HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  })
  onTestFinished(() => void socket.destroy())
  let answers = ''
  socket.on('data', (chunk: Buffer) => (answers += chunk.toString()))
  await until(() => socket.bytesWritten > 0, 'the removal is sent')
  for (let i = 0; i < 2; i++) await daemon.get('/livez')
  upload.end(file.subarray(500))
  await until(
    () =>
      placesOf(daemon.data).some(
        (place) => statSync(join(shelfOf(daemon.data), place, 'x.npy'), { throwIfNoEntry: false })?.size === file.length,
      ),
    'the file is whole',
  )
  for (let i = 0; i < 2; i++) await daemon.get('/livez')
  obstacle.release()
  await until(() => answers.split('HTTP/1.1 ').length === 3, 'both are answered')
  expect(answers).toMatch(/^HTTP\/1.1 204 /)
  const [{ statusCode }] = (await uploaded) as [{ statusCode: number }]
  expect(statusCode).toBe(201)
  const listed = await list(daemon, boss)
  expect(listed).toMatchObject([{ name: 'x', shape: [1000] }])
  await until(() => placesOf(daemon.data).length === listed.length, 'no other file is there')
})
