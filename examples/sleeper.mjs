// taylorism's sleepers: what came in until now is reported while others sleep, and more can be given to them. `--scale 0.1` is ten times as fast.
import { setTimeout } from 'node:timers/promises'
import { run } from './demo/example.mjs'
import { aboveZero, readOptions } from './demo/options.mjs'

const help = `Usage: node examples/sleeper.mjs [--scale N]

taylorism's sleepers, with a daemon of their own: what came in until now is reported while others sleep, and more can be given to them.

  --scale N   times as long as in taylorism's example, about 10 s; 0.1 is ten times as fast
  --help`
const factor = aboveZero('scale', readOptions(help, { scale: { type: 'string', default: '1' } }).scale)
const scaled = (seconds) => seconds * factor

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
