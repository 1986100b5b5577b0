// taylorism's sleepers: what came in until now is reported while others sleep, and more can be given to them. `--scale 0.1` is ten times as fast.
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { run } from './demo/example.mjs'

const { scale } = parseArgs({ options: { scale: { type: 'string', default: '1' } } }).values
const scaled = (seconds) => seconds * Number(scale)

await run(async (client) => {
  const common_instructions = { kind: 'sleeper', wakeup_sentence: 'Hello Dolly !' }
  const { id } = await client.post('/v1/bosses', {
    scheduler: { limit: 'threads', max_threads: 3 },
    common_instructions,
    individual_instructions: { sleeping_time: [4, 9, 2, 1].map(scaled) },
  })
  await setTimeout(scaled(5) * 1000)
  const { status, workers_report: until } = await client.get(`/v1/bosses/${id}/report`)
  console.log('Intermediate report:', { workers_report: until.map(({ name, report }) => ({ name, report })), status })
  await client.post(`/v1/bosses/${id}/instructions`, {
    common_instructions: { kind: 'sleeper' },
    individual_instructions: { sleeping_time: [scaled(3)] },
  })
  await client.post(`/v1/bosses/${id}/end`)
  const report = await client.reportOf(id)
  for (const { name, report: said } of report.workers_report) console.log({ name, report: said })
  return report
})
