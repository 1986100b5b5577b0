import { Type } from 'typebox'

/** CPUs of one machine. */
export const cpus = Type.Array(Type.Integer({ minimum: 0 }))

/** What `GET /v1/resources` answers. */
export const Resources = Type.Object(
  {
    cores: Type.Object({ total: Type.Integer(), cpus, order: cpus }, { title: 'Cores' }),
    memory: Type.Object({ total: Type.Number(), granted: Type.Number() }, { title: 'Memory', description: 'MiB' }),
    memory_enforcement: Type.Enum(['cgroup2', 'cgroup1', 'rss'], {
      description: 'how declared memory is enforced: by the kernel (cgroups), or by watching what processes hold',
    }),
    memory_enforcement_reason: Type.Optional(Type.String({ description: 'why not by something better' })),
    slots: Type.Object({ total: Type.Integer(), used: Type.Integer() }, { title: 'Slots' }),
    places: Type.Array(
      Type.Object(
        {
          place: Type.Integer(),
          cpus,
          boss: Type.Integer(),
          cores: Type.Integer(),
          memory: Type.Number({ description: 'MiB' }),
        },
        { title: 'Place', description: 'CPUs that a worker holds' },
      ),
    ),
    slurm: Type.Optional(
      Type.Object(
        {
          ready: Type.Boolean(),
          reason: Type.Optional(Type.String({ description: 'why it starts nothing' })),
          cores: Type.Object(
            { total: Type.Integer(), granted: Type.Integer() },
            { title: 'ClusterCores', description: 'of nodes that can be used' },
          ),
          memory: Type.Object({ total: Type.Number(), granted: Type.Number() }, { title: 'ClusterMemory', description: 'MiB' }),
          hosts: Type.Object(
            { total: Type.Integer(), waiting: Type.Integer(), most: Type.Integer() },
            { title: 'ClusterHosts', description: 'worker processes, those that Slurm has not started, and how many there may be' },
          ),
          nodes: Type.Array(
            Type.Object(
              {
                node: Type.String(),
                cores: Type.Integer(),
                memory: Type.Number({ description: 'MiB that an instruction can have' }),
                state: Type.String({ description: 'as Slurm calls it' }),
                usable: Type.Boolean(),
              },
              { title: 'Node' },
            ),
          ),
        },
        { title: 'Cluster', description: 'what Slurm has; absent without --slurm' },
      ),
    ),
    store: Type.Object({ file: Type.String(), ready: Type.Boolean(), reason: Type.Optional(Type.String()) }, { title: 'StoreState' }),
  },
  { $id: 'Resources', description: 'What the machine has and who holds it' },
)
