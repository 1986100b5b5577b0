import type { Chosen } from '../scheduler/answer.js'
import { PolicyProcess, type Asking } from './process.js'

export { PolicyFault, type Asking } from './process.js'

/** Users' policies, each asked in the process of its module. User code never runs in the daemon. */
export interface Policies {
  /**
   * Asks a policy what may start. Questions to one module are asked one after the other.
   * @param module URL of the module that defines it.
   * @throws {PolicyFault} it gave no answer that can be used.
   */
  ask(module: string, asking: Asking): Promise<readonly Chosen[]>
  /** A Boss is over. A process that no Boss needs ends. */
  forget(module: string, boss: number): void
  close(): void
}

interface Desk {
  process: PolicyProcess | undefined
  /** Resolves when the last question was answered, or not. */
  last: Promise<unknown>
  /** Questions not answered yet. */
  asked: number
}

/** Starts a process for each module on first need, and again after one has ended. */
export function openPolicies(log: ConstructorParameters<typeof PolicyProcess>[1]): Policies {
  const desks = new Map<string, Desk>()
  const put = async (desk: Desk, module: string, asking: Asking) => {
    if (!desk.process || desk.process.isOver) desk.process = new PolicyProcess(module, log)
    return desk.process.ask(asking)
  }
  const endIfIdle = ({ process, asked }: Desk) => {
    if (asked === 0 && process?.isIdle) process.kill()
  }
  return {
    async ask(module, asking) {
      const desk = desks.get(module) ?? { process: undefined, last: Promise.resolve(), asked: 0 }
      desks.set(module, desk)
      desk.asked++
      const answer = desk.last.then(() => put(desk, module, asking))
      desk.last = answer.catch(() => undefined)
      return answer.finally(() => {
        desk.asked--
        endIfIdle(desk)
      })
    },
    forget(module, boss) {
      const desk = desks.get(module)
      if (!desk) return
      desk.process?.forget(boss)
      endIfIdle(desk)
    },
    close() {
      for (const { process } of desks.values()) process?.kill()
    },
  }
}
