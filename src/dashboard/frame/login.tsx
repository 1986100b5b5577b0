import { useState } from 'preact/hooks'
import { signIn, standing } from './session.js'

/** Takes a token. It is kept for this tab and sent to nobody but the daemon. */
export function Login() {
  const [given, setGiven] = useState('')
  const why = standing.value.is === 'out' ? standing.value.why : undefined
  const submit = (event: Event) => {
    event.preventDefault()
    if (given.trim() !== '') void signIn(given.trim())
  }
  return (
    <form class="login" onSubmit={submit}>
      <h1>This daemon asks for a token</h1>
      <label>
        Token
        <input
          type="password"
          name="token"
          autocomplete="off"
          spellcheck={false}
          value={given}
          onInput={({ currentTarget }) => setGiven(currentTarget.value)}
          aria-invalid={why !== undefined}
          aria-describedby="token-said"
        />
      </label>
      <p id="token-said" role={why === undefined ? undefined : 'alert'}>
        {why ?? (
          <>
            <code>taylord token create me --role read</code> makes one. What you give is kept until this tab is closed.
          </>
        )}
      </p>
      <button type="submit" class="main" disabled={given.trim() === ''}>
        Sign in
      </button>
    </form>
  )
}
