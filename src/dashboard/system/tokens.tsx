import { signal } from '@preact/signals'
import { useState } from 'preact/hooks'
import { bodyOf, type components } from '../../client/client.js'
import { useAsked } from '../frame/asked.js'
import { act } from '../frame/notices.js'
import { signIn, type Role } from '../frame/session.js'
import { Dialog } from '../parts/dialog.js'
import { Scroll } from '../parts/scroll.js'
import { Shown } from '../parts/states.js'
import { time } from '../parts/text.js'

type Token = components['schemas']['Token']
type NewToken = components['schemas']['NewToken']

const daySeconds = 86_400
/** The token that was just made. It is told once, so it outlives that the page asks anew who is in. */
const made = signal<NewToken | undefined>(undefined)

/** Who may come in: listed, made and revoked, by an admin. */
export function Tokens() {
  const asked = useAsked('tokens', ({ api }, signal) => bodyOf(api.GET('/v1/tokens', { signal })))
  const [revoking, setRevoking] = useState<Token>()
  const revoke = async ({ id, name }: Token) => {
    setRevoking(undefined)
    await act(
      ({ api }) => api.DELETE('/v1/tokens/{token}', { params: { path: { token: String(id) } } }),
      () => `${name} may no longer come in.`,
    )
    await asked.again()
  }
  return (
    <>
      <h2>Tokens</h2>
      <Shown asked={asked}>
        {({ items }) => (
          <>
            {items.length === 0 ? (
              <p>There is none: whoever reaches the daemon may do everything. As soon as there is one, everybody needs one.</p>
            ) : (
              <TokenTable items={items} revoke={setRevoking} />
            )}
            <Make key={items.length} isFirst={items.length === 0} again={() => void asked.again()} />
          </>
        )}
      </Shown>
      {revoking && (
        <Dialog title={`Revoke ${revoking.name}?`} onClose={() => setRevoking(undefined)}>
          <p>Whoever has it is kept out from now on.</p>
          <button type="button" class="danger" onClick={() => void revoke(revoking)}>
            Revoke it
          </button>
        </Dialog>
      )}
      {made.value && (
        <Dialog title={`The token ${made.value.name}`} onClose={() => (made.value = undefined)}>
          <p>It is shown this once, and kept nowhere. Copy it now.</p>
          <p>
            <input
              class="mono secret"
              readOnly
              aria-label="Token"
              value={made.value.token}
              onFocus={({ currentTarget }) => currentTarget.select()}
            />
          </p>
        </Dialog>
      )}
    </>
  )
}

function TokenTable({ items, revoke }: { readonly items: readonly Token[]; readonly revoke: (token: Token) => void }) {
  return (
    <Scroll label="Tokens">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Made</th>
            <th scope="col">Until</th>
            <th scope="col">
              <span class="hidden">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((token) => (
            <tr key={token.id}>
              <th scope="row">{token.name}</th>
              <td>{token.role}</td>
              <td>{time(token.created_at)}</td>
              <td>
                {token.expires_at === undefined ? 'it is revoked' : time(token.expires_at)}
                {token.expires_at !== undefined && Date.parse(token.expires_at) < Date.now() && <b class="is-failed"> over</b>}
              </td>
              <td>
                <button type="button" class="danger" aria-label={`Revoke ${token.name}…`} onClick={() => revoke(token)}>
                  Revoke…
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

/** @param isFirst the first one has to be an admin's, or nobody could make another. */
function Make({ isFirst, again }: { readonly isFirst: boolean; readonly again: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>(isFirst ? 'admin' : 'read')
  const [days, setDays] = useState('')
  const make = async (event: Event) => {
    event.preventDefault()
    const body = { name, role, ...(days !== '' && { expires_in: Number(days) * daySeconds }) }
    const token = await act(
      ({ api }) => bodyOf(api.POST('/v1/tokens', { body })),
      () => `${name} may come in.`,
    )
    if (!token) return
    made.value = token
    // from now on this page needs one, too
    if (isFirst) await signIn(token.token)
    again()
  }
  return (
    <form class="fields" onSubmit={(event) => void make(event)}>
      <label>
        <span>Name</span>
        <input
          required
          pattern="[A-Za-z_][\w.\-]{0,127}"
          autocomplete="off"
          value={name}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <label>
        <span>Role</span>
        <select value={role} disabled={isFirst} onChange={({ currentTarget }) => setRole(currentTarget.value as Role)}>
          <option value="read">read: look at everything</option>
          <option value="submit">submit: also give work</option>
          <option value="admin">admin: also tokens, prune, drain</option>
        </select>
      </label>
      <label>
        <span>Days until it expires</span>
        <input type="number" min={1} placeholder="never" value={days} onInput={({ currentTarget }) => setDays(currentTarget.value)} />
      </label>
      <button type="submit">Make a token</button>
    </form>
  )
}
