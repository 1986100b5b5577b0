// taylorism's summers: each adds its value to one number that all share. With `--no-lock` they do not wait for each other, and the sum may be wrong.
import { run } from './demo/example.mjs'
import { arrayOf } from './demo/npy.mjs'
import { readOptions } from './demo/options.mjs'

const help = `Usage: node examples/summer.mjs [--no-lock]

taylorism's summers, with a daemon of their own: each adds its value to one number that all share.

  --no-lock   they do not wait for each other, and the sum may be wrong
  --help`
const { 'no-lock': unlocked } = readOptions(help, { 'no-lock': { type: 'boolean', default: false } })
const values = Array.from({ length: 10 }, (_, value) => value)

await run(async (client) => {
  const { id } = await client.post('/v1/bosses', {
    // as many at once as there are, to test the importance of the lock
    scheduler: { limit: 'threads', max_threads: values.length },
    arrays: { shared_sum: { dtype: 'int64', shape: [1] } },
    common_instructions: { kind: 'summer', use_lock: !unlocked },
    individual_instructions: { value: values },
    end: true,
  })
  const report = await client.reportOf(id)
  const { elements } = arrayOf(await client.getFile(`/v1/bosses/${id}/arrays/shared_sum`))
  console.log(`${elements[0]}==${values.reduce((sum, value) => sum + value)}`)
  return report
})
