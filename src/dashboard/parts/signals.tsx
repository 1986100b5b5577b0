import { useState } from 'preact/hooks'
import type { Boss } from '../../client/client.js'
import { bodyOf } from '../../client/client.js'
import { act } from '../frame/notices.js'
import { may } from '../frame/session.js'
import { Dialog } from './dialog.js'
import { count, plural } from './text.js'

export const isOver = ({ status }: Boss) => status === 'finished' || status === 'stopped' || status === 'failed'
/** Whether it takes more instructions. */
export const takesMore = (boss: Boss) => !isOver(boss) && !boss.ending && boss.status !== 'stopping'
export const nameOf = ({ id, name }: Pick<Boss, 'id' | 'name'>) => name ?? `Boss ${id}`

/** The buttons that tell a Boss what to do; none for who may only look, or once it is over. @param told is called after it was. */
export function Signals({ boss, told }: { readonly boss: Boss; readonly told: () => void }) {
  const [stopping, setStopping] = useState(false)
  if (!may('submit') || isOver(boss)) return null
  const params = { path: { boss: String(boss.id) } }
  const tell = async (signal: 'work' | 'halt' | 'end') => {
    await act(
      ({ api }) => bodyOf(api.POST(`/v1/bosses/{boss}/${signal}`, { params })),
      (now) => `${nameOf(now)} is ${now.status}.`,
    )
    told()
  }
  const stop = async (now: boolean) => {
    setStopping(false)
    await act(
      ({ api }) => bodyOf(api.POST('/v1/bosses/{boss}/stop', { params: { ...params, query: { now } } })),
      (then) => `${nameOf(then)} is ${then.status}.`,
    )
    told()
  }
  const name = nameOf(boss)
  return (
    <span class="buttons">
      {boss.status === 'stopping' ? null : boss.halted ? (
        <button type="button" aria-label={`Let ${name} work`} onClick={() => void tell('work')}>
          Work
        </button>
      ) : (
        <button type="button" aria-label={`Halt ${name}`} title="Start nothing new; what runs goes on" onClick={() => void tell('halt')}>
          Halt
        </button>
      )}
      {!boss.ending && boss.status !== 'stopping' && (
        <button
          type="button"
          aria-label={`End ${name}`}
          title="Take no more instructions; be over when all are done"
          onClick={() => void tell('end')}
        >
          End
        </button>
      )}
      <button type="button" class="danger" aria-label={`Stop ${name}…`} onClick={() => setStopping(true)}>
        Stop…
      </button>
      {stopping && (
        <Dialog title={`Stop ${name}?`} onClose={() => setStopping(false)}>
          <p>
            {plural(boss.counts.pending, 'instruction')} would not start any more. What runs now, {count(boss.counts.working)}, may finish,
            or is ended too and reported as cancelled.
          </p>
          <p class="buttons">
            <button type="button" class="danger" onClick={() => void stop(false)}>
              Stop, let what runs finish
            </button>
            <button type="button" class="danger" onClick={() => void stop(true)}>
              Stop now, end what runs
            </button>
          </p>
        </Dialog>
      )}
    </span>
  )
}
