// taylorism's logarithmers: each takes the logarithm of one row of a shared array, in place.
import { run } from './demo/example.mjs'
import { arrayOf, npyOf, textOf } from './demo/npy.mjs'
import { readOptions } from './demo/options.mjs'

readOptions(`Usage: node examples/logarithmer.mjs

taylorism's logarithmers, with a daemon of their own: each takes the logarithm of one row of a shared array, in place.

  --help`)

const [rows, columns] = [2, 3]

await run(async (client) => {
  const { id } = await client.post('/v1/bosses', { scheduler: { limit: 'threads', max_threads: rows } })
  const path = `/v1/bosses/${id}/arrays/array`
  const elements = Array.from({ length: rows * columns }, (_, at) => Math.floor(at / columns) + (at % columns))
  await client.putFile(path, npyOf([rows, columns], elements))
  const show = async () => console.log(textOf(arrayOf(await client.getFile(path))))
  await show()
  await client.post(`/v1/bosses/${id}/instructions`, {
    common_instructions: { kind: 'logarithmer' },
    individual_instructions: { row: Array.from({ length: rows }, (_, row) => row) },
  })
  await client.post(`/v1/bosses/${id}/end`)
  const report = await client.reportOf(id)
  await show()
  return report
})
