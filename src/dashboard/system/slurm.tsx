import type { components } from '../../client/client.js'
import { Scroll } from '../parts/scroll.js'
import { Fault } from '../parts/states.js'
import { count, memory } from '../parts/text.js'

type Cluster = components['schemas']['Cluster']

/** The nodes that Slurm has, and how much of them is granted. */
export function Slurm({ of: { reason, cores, memory: room, hosts, nodes } }: { readonly of: Cluster }) {
  return (
    <>
      <h2>Slurm</h2>
      {reason !== undefined && <Fault text={`It starts nothing: ${reason}`} />}
      <p>
        {count(cores.granted)} of {count(cores.total)} cores and {memory(room.granted)} of {memory(room.total)} granted;{' '}
        {count(hosts.total)} of {count(hosts.most)} hosts, {count(hosts.waiting)} of them wait for Slurm.
      </p>
      <Scroll label="Nodes">
        <table>
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col">State</th>
              <th scope="col" class="number">
                Cores
              </th>
              <th scope="col" class="number">
                Memory
              </th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((one) => (
              <tr key={one.node}>
                <th scope="row">{one.node}</th>
                <td>{one.state}</td>
                <td class="number">{count(one.cores)}</td>
                <td class="number">{memory(one.memory)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  )
}
