// stands for a daemon in a test that kills it: a crew with a blocked task, a program and a grandchild that left its group
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { localCrew } from '../../dist/crew/local.js'
import { surveyMachine } from '../../dist/machine.js'

const dir = process.argv[2]
const [run, outputs] = [join(dir, 'run'), join(dir, 'outputs')]
for (const path of [run, outputs]) mkdirSync(path)
const kind = (name) => new URL(`../../dist/worker/kinds/${name}.js`, import.meta.url).href
const modules = { command: kind('command'), blocker: new URL('./kinds.mjs', import.meta.url).href }
const crew = localCrew({ runDir: run, outputsDir: outputs, modules, topology: surveyMachine().topology, log: { debug() {} } })
crew.listen({ reported() {}, started() {}, kept() {}, ended() {} })
const batch = (f, name, attributes) => ({
  f,
  boss: 1,
  ids: [f],
  attempts: [1],
  names: [name],
  kind: name,
  scheduler_ticket: 0,
  attributes: [JSON.stringify(attributes)],
})
const script = `setsid sh -c 'echo $$ > "$0/grandchild"; exec sleep 600' "$0" & echo $$ > "$0/program"; wait; sleep 600`
crew.send({ id: 1, cpus: [0] }, 'program', batch(1, 'command', { program: 'sh', args: ['-c', script, dir] }))
crew.send({ id: 2, cpus: [] }, 'js', batch(2, 'blocker', { file: join(dir, 'spinning') }))
setInterval(() => undefined, 1000)
