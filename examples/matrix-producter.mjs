// taylorism's matrix producters: C = A × B, each of them one block of C.
import { run } from './demo/example.mjs'
import { arrayOf, npyOf, textOf } from './demo/npy.mjs'
import { readOptions } from './demo/options.mjs'

readOptions(`Usage: node examples/matrix-producter.mjs

taylorism's matrix producters, with a daemon of their own: C = A × B, each of them one block of C.

  --help`)

const [rows, inner, columns] = [6, 7, 8]
const [rowBlocks, columnBlocks] = [2, 4]
const random = (shape) => npyOf(shape, Array.from({ length: shape[0] * shape[1] }, Math.random))

/** First and last index of each block. The last one is included, and taylorism's example begins the next block with it: it is computed twice. */
function blocksOf(length, blocks) {
  const firsts = Array.from({ length: blocks }, (_, block) => (block * length) / blocks)
  return firsts.map((first, block) => [first, firsts[block + 1] ?? length - 1])
}

await run(async (client) => {
  const { id } = await client.post('/v1/bosses', {
    scheduler: { limit: 'threads', max_threads: 4 },
    arrays: { C: { dtype: 'float64', shape: [rows, columns] } },
  })
  const arrays = `/v1/bosses/${id}/arrays`
  await client.putFile(`${arrays}/A`, random([rows, inner]))
  await client.putFile(`${arrays}/B`, random([inner, columns]))
  const start = performance.now()
  await client.post(`/v1/bosses/${id}/instructions`, {
    common_instructions: { kind: 'matrix-producter' },
    instructions: blocksOf(rows, rowBlocks).flatMap(([i1, i2]) => blocksOf(columns, columnBlocks).map(([j1, j2]) => ({ i1, i2, j1, j2 }))),
  })
  await client.post(`/v1/bosses/${id}/end`)
  const report = await client.reportOf(id)
  console.log('Exec in:', (performance.now() - start) / 1000)
  console.log(textOf(arrayOf(await client.getFile(`${arrays}/C`))))
  return report
})
