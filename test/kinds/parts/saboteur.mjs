// A kind that harms the pipes between its host and the daemon, as a task with a bug may do: 3 brings frames, 4 takes reports.
import { closeSync, writeSync } from 'node:fs'

const never = () => new Promise(() => {})
const damages = {
  'closes-reports': () => closeSync(4),
  'closes-frames': () => {
    closeSync(3)
    return never()
  },
  'writes-garbage': () => writeSync(4, 'no frame at all\n'),
  'writes-half': () => {
    writeSync(4, '{"r":99,"f":1,"at":0,"n":1,"o":".","ms":1,"bytes":1000}\n"half of')
    process.kill(process.pid, 'SIGKILL')
    return never()
  },
  'reports-twice': () => writeSync(4, '{"f":1,"started":0}\n{"f":1,"started":0}\n{"f":1,"kept":99}\n'),
  'claims-another': () => writeSync(4, '{"f":999999,"started":3}\n{"f":999999,"kept":0}\n'),
  'goes-silent': never,
}

export default {
  worker: 'saboteur',
  footprint: { attr: { kind: { values: ['saboteur'] }, damage: { values: Object.keys(damages) } } },
  async task({ damage }) {
    await damages[damage]()
    return damage
  },
}
