// A crew in a process of its own, to be killed: node crew-alone.mjs DIR LOG GATE MODULE
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { localCrew } from '../../dist/crew/local.js'
import { surveyMachine } from '../../dist/machine.js'

const [dir, log, gate, module] = process.argv.slice(2)
const [runDir, outputsDir] = ['run', 'outputs'].map((name) => join(dir, name))
for (const path of [runDir, outputsDir]) mkdirSync(path, { recursive: true })
const crew = localCrew({ runDir, outputsDir, modules: { busy: module }, topology: surveyMachine().topology, log: { debug() {} } })
crew.listen({ reported() {}, started() {}, kept() {}, ended() {} })

const batch = (f, kind, name, attributes) => ({
  f,
  boss: 1,
  ids: [1],
  attempts: [1],
  names: [name],
  kind,
  scheduler_ticket: 0,
  attributes: [JSON.stringify(attributes)],
})
const script = `setsid sh -c 'trap "" TERM HUP INT; echo "+ grandchild" >> "$0"; until [ -e "$1" ]; do sleep 0.05; done' "$0" "$1" &
trap '' TERM HUP INT
echo "+ program" >> "$0"
until [ -e "$1" ]; do sleep 0.05; done`
crew.send({ id: 1, cpus: [] }, 'program', batch(1, 'command', 'program', { program: 'sh', args: ['-c', script, log, gate] }))
crew.send({ id: 2, cpus: [] }, 'js', batch(2, 'busy', 'busy', { kind: 'busy', log }))
setInterval(() => {}, 1000)
