import type { Boss } from '../../client/client.js'
import { amend } from '../frame/router.js'
import { nameOf } from '../parts/signals.js'

/** Who gets the instructions: a Boss that takes more, or a new one. */
export interface Target {
  /** id; '' for a new one */
  readonly boss: string
  readonly name: string
  /** instructions at once, as a text; '' for half of the cores */
  readonly threads: string
  /** Whether a new one is over when all is done. */
  readonly end: boolean
}

export function TargetFields({
  bosses,
  target,
  set,
}: {
  readonly bosses: readonly Boss[]
  readonly target: Target
  readonly set: (change: Partial<Target>) => void
}) {
  return (
    <div class="fields">
      <label>
        <span>Boss</span>
        <select value={target.boss} onChange={({ currentTarget }) => amend({ boss: currentTarget.value })}>
          <option value="">a new one</option>
          {bosses.map((boss) => (
            <option key={boss.id} value={boss.id}>
              {nameOf(boss)} ({boss.status})
            </option>
          ))}
        </select>
      </label>
      {target.boss === '' && (
        <>
          <label>
            <span>Its name</span>
            <input
              value={target.name}
              pattern="[A-Za-z_][\w.\-]{0,127}"
              title="a letter, then letters, digits, . _ -"
              autocomplete="off"
              onInput={({ currentTarget }) => set({ name: currentTarget.value })}
            />
          </label>
          <label>
            <span>Instructions at once</span>
            <input
              type="number"
              min={1}
              placeholder="half of the cores"
              value={target.threads}
              onInput={({ currentTarget }) => set({ threads: currentTarget.value })}
            />
          </label>
          <label class="check">
            <input type="checkbox" checked={target.end} onChange={({ currentTarget }) => set({ end: currentTarget.checked })} /> over when
            all is done
          </label>
        </>
      )}
    </div>
  )
}
