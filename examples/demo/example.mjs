import { Client } from './client.mjs'
import { startDaemon } from './daemon.mjs'

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }

/**
 * Runs an example with a daemon of its own, which ends with it, also when it is interrupted.
 * @param example called with a client; what it throws is told, and the exit code is 1 then.
 */
export async function run(example) {
  const signalled = new Promise((resolve) => {
    for (const [signal, code] of Object.entries(exitCodes)) process.on(signal, () => resolve(code))
  })
  const daemon = startDaemon()
  const begun = async () => {
    const failed = failuresOf(await example(new Client(await daemon.listening)))
    for (const { name, error } of failed) console.error(`${name}: ${error?.message}`)
    return failed.length > 0 ? 1 : 0
  }
  try {
    process.exitCode = await Promise.race([signalled, begun()])
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  } finally {
    await daemon.end()
  }
  // what was cut short still waits for its answer
  process.exit()
}

/** @param report what an example returns: that of its Boss. */
const failuresOf = ({ workers_report: entries }) => entries.filter(({ outcome }) => outcome !== 'succeeded')
