import { useEffect } from 'preact/hooks'
import { Link } from './frame/link.js'
import { useShortcuts, shortcutsOpen } from './frame/keys.js'
import { keepLive } from './frame/live.js'
import { Login } from './frame/login.js'
import { Notices } from './frame/notices-view.js'
import { go, place, to } from './frame/router.js'
import { enter, hasToken, signOut, standing } from './frame/session.js'
import { Shortcuts } from './frame/shortcuts.js'
import { isDark, toggleTheme } from './frame/theme.js'
import { Empty } from './parts/states.js'
import { views, viewOf } from './views.js'

/** The page: who is in, where to go, what is shown, what came of it. */
export function App() {
  useEffect(() => {
    void enter()
    return keepLive()
  }, [])
  useShortcuts('Everywhere', [
    ...views.map(({ at, title, key }) => ({ key, does: `Go to ${title}`, act: () => go(at === '' ? [] : [at]) })),
    { key: 't', does: 'Light or dark', act: toggleTheme },
    { key: '?', does: 'Show this list', act: () => (shortcutsOpen.value = true) },
  ])
  const is = standing.value.is
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        {is === 'in' ? <Shown /> : is === 'out' ? <Login /> : <Waiting />}
      </main>
      <Notices />
      {shortcutsOpen.value && <Shortcuts />}
    </>
  )
}

/** The address says where somebody is, so the link does not change it. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function Header() {
  const { path } = place.value
  const at = path[2] === 'instructions' ? 'instructions' : (path[0] ?? '')
  return (
    <header class="top">
      <a class="brand" href={to([])}>
        taylord
      </a>
      {standing.value.is === 'in' && (
        <nav aria-label="Views">
          {views.map((view) => (
            <a key={view.at} href={to(view.at === '' ? [] : [view.at])} aria-current={view.at === at ? 'page' : undefined}>
              {view.title}
            </a>
          ))}
        </nav>
      )}
      <div class="ends">
        <Link />
        {standing.value.is === 'in' && standing.value.role === 'read' && (
          <span class="tag" title="This token may look, and change nothing.">
            read-only
          </span>
        )}
        <button type="button" class="plain" aria-label={isDark.value ? 'Light colours' : 'Dark colours'} onClick={toggleTheme}>
          <span aria-hidden="true">{isDark.value ? '☀' : '☾'}</span>
        </button>
        <button type="button" class="plain" aria-label="Keyboard shortcuts" onClick={() => (shortcutsOpen.value = true)}>
          ?
        </button>
        {hasToken.value && (
          <button type="button" class="plain" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </div>
    </header>
  )
}

function Shown() {
  const View = viewOf(place.value)
  const title = views.find(({ at }) => at === (place.value.path[0] ?? ''))?.title
  useEffect(() => {
    document.title = title === undefined ? 'taylord' : `${title} · taylord`
  }, [title])
  if (!View)
    return (
      <Empty>
        <h1>There is no such view</h1>
        <p>
          <a href={to([])}>Begin at the beginning</a>
        </p>
      </Empty>
    )
  return <View place={place.value} />
}

function Waiting() {
  const { value } = standing
  return value.is === 'away' ? (
    <Empty>
      <h1>No answer</h1>
      <p role="alert">{value.why} It is asked again every two seconds.</p>
    </Empty>
  ) : (
    <p class="loading" role="status">
      Loading…
    </p>
  )
}
