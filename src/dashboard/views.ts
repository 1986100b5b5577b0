import type { ComponentType } from 'preact'
import { ComposeView } from './compose/compose.js'
import { FailuresView } from './failures/failures.js'
import type { Place } from './frame/router.js'
import { InstructionView } from './instruction/instruction.js'
import { InstructionsView, NewestInstructions } from './instructions/instructions.js'
import { NowView } from './now/now.js'
import { SystemView } from './system/system.js'
import { BossView } from './views/boss.js'
import { BossesView } from './views/bosses.js'

/** What a view is given: where somebody is. */
export interface ViewProps {
  readonly place: Place
}
export interface View {
  /** The first part of its path; '' for the page itself. */
  readonly at: string
  readonly title: string
  /** Leads there. */
  readonly key: string
  readonly show: ComponentType<ViewProps>
}

/** What the navigation leads to, in its order. */
export const views: readonly View[] = [
  { at: '', title: 'Now', key: 'n', show: NowView },
  { at: 'bosses', title: 'Bosses', key: 'b', show: BossesView },
  { at: 'instructions', title: 'Instructions', key: 'i', show: NewestInstructions },
  { at: 'failures', title: 'Failures', key: 'f', show: FailuresView },
  { at: 'compose', title: 'Compose', key: 'c', show: ComposeView },
  { at: 'system', title: 'System', key: 's', show: SystemView },
]

/** The view of a path; undefined when there is none. */
export function viewOf({ path }: Place): ComponentType<ViewProps> | undefined {
  const [at = '', boss, part, id] = path
  if (at === 'bosses' && boss !== undefined)
    return part === undefined ? BossView : part !== 'instructions' ? undefined : id === undefined ? InstructionsView : InstructionView
  return views.find((view) => view.at === at && path.length <= 1)?.show
}
