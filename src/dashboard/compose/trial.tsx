import type { components } from '../../client/client.js'
import { Scroll } from '../parts/scroll.js'
import { count, plural } from '../parts/text.js'

export type Resolved = components['schemas']['DryRun']['instructions'][number]

const shown = 20

/** What rows would become: each with all its attributes, those it was not given included. */
export function Trial({ rows, of }: { readonly rows: readonly Resolved[]; readonly of: number }) {
  const names = [...new Set(rows.slice(0, shown).flatMap(({ attributes }) => Object.keys(attributes)))].filter(
    (name) => name !== 'name' && name !== 'kind',
  )
  return (
    <div role="status">
      <p>
        {rows.length < of
          ? `The first ${count(rows.length)} of ${count(of)} would be taken`
          : `${plural(of, 'instruction')} would be taken`}
        . Nothing is stored yet{rows.length > shown ? `; these are the first ${shown}` : ''}.
      </p>
      <Scroll label="What they would become">
        <table>
          <thead>
            <tr>
              <th scope="col">kind</th>
              <th scope="col">name</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ kind, name, attributes }, at) => (
              <tr key={at}>
                <td>{kind}</td>
                <td>{name ?? <span class="faint">{kind}-…</span>}</td>
                {names.map((one) => (
                  <td key={one} class="mono">
                    {attributes[one] === null || attributes[one] === undefined ? '' : JSON.stringify(attributes[one])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </div>
  )
}
