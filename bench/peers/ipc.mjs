// No peer: two forked children of a Node.js program, one job at a time each, nothing stored. What the others are read by.
import { concurrency, count, isWorker, job, latencies, seconds, startWorker, tell, work } from './lib.mjs'

if (isWorker) {
  process.on('message', () => void job().then((result) => process.send(result)))
  process.send('ready')
} else {
  const children = await Promise.all(Array.from({ length: concurrency }, startWorker))
  const send = (child, then) => {
    child.removeAllListeners('message')
    child.on('message', then)
    child.send({})
  }
  const all = () =>
    new Promise((resolve) => {
      let given = 0
      let done = 0
      const pump = (child) => {
        if (given++ < count) send(child, () => (++done === count ? resolve() : pump(child)))
      }
      children.forEach(pump)
    })
  const one = () => new Promise((resolve) => send(children[0], resolve))
  const outcome = work === 'l1' ? await latencies(one) : { seconds: await seconds(all) }
  tell({ ...outcome, version: `Node.js ${process.versions.node}`, durability: 'none' })
}
