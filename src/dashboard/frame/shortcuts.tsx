import { Dialog } from '../parts/dialog.js'
import { shortcuts, shortcutsOpen } from './keys.js'

/** The keys that do something here. */
export function Shortcuts() {
  return (
    <Dialog title="Keyboard" onClose={() => (shortcutsOpen.value = false)}>
      {shortcuts().map(([group, keys]) => (
        <section key={group}>
          <h3>{group}</h3>
          <dl class="keys">
            {keys.map(({ key, does }) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
