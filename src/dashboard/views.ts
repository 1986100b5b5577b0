import type { ComponentType } from 'preact'
import type { Place } from './frame/router.js'
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
export const views: readonly View[] = [{ at: 'bosses', title: 'Bosses', key: 'b', show: BossesView }]

/** The view of a path; undefined when there is none. */
export function viewOf({ path }: Place): ComponentType<ViewProps> | undefined {
  const [at = '', boss, part] = path
  if (at === 'bosses' && boss !== undefined && part === undefined) return BossView
  return views.find((view) => view.at === at && path.length <= 1)?.show
}
