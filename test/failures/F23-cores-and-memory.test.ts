import { mkdirSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { surveyMachine } from '../../src/machine.js'
import { startDaemon } from '../support/daemon.js'
import { tempDir } from '../support/temp.js'

/** Files as the kernel shows them to a process in a container. */
interface Shown {
  readonly allowed: string
  readonly groups: string
  readonly mounts: string
  readonly files?: Record<string, string>
}
const v2 = { groups: '0::/\n', mounts: '31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n' }
const v1 = {
  groups: '4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n',
  mounts: [
    '32 31 0:29 /docker/abc /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
  ].join('\n'),
}
const nested = { groups: '0::/system.slice/taylord.service\n', mounts: v2.mounts }

function survey({ allowed, groups, mounts, files = {} }: Shown) {
  const root = tempDir()
  const all = { 'proc/status': `Name:\tnode\nCpus_allowed_list:\t${allowed}\n`, 'proc/cgroup': groups, 'proc/mountinfo': mounts, ...files }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  const { cpus, memoryMiB } = surveyMachine(join(root, 'proc'), root)
  return { cpus, memoryMiB }
}

const all = totalmem() / 2 ** 20
const group = 'sys/fs/cgroup'

test.each<[string, Shown, readonly number[], number]>([
  ['no group', { allowed: '0-3', groups: '', mounts: '' }, [0, 1, 2, 3], all],
  [
    'v2 without limits',
    { allowed: '0-3', ...v2, files: { [`${group}/cpu.max`]: 'max 100000\n', [`${group}/memory.max`]: 'max\n' } },
    [0, 1, 2, 3],
    all,
  ],
  ['v2, --cpus 0.25', { allowed: '0-7', ...v2, files: { [`${group}/cpu.max`]: '25000 100000\n' } }, [0], all],
  ['v2, --cpus 2.5', { allowed: '0-7', ...v2, files: { [`${group}/cpu.max`]: '250000 100000\n' } }, [0, 1], all],
  ['v2, --memory 512m', { allowed: '0-1', ...v2, files: { [`${group}/memory.max`]: '536870912\n' } }, [0, 1], 512],
  ['v2, --cpuset-cpus 2,4-5', { allowed: '2,4-5', ...v2 }, [2, 4, 5], all],
  ['v2, a cpuset and a quota', { allowed: '2,4-5', ...v2, files: { [`${group}/cpu.max`]: '200000 100000\n' } }, [2, 4], all],
  [
    'v2, limits of a group above',
    {
      allowed: '0-7',
      ...nested,
      files: {
        [`${group}/system.slice/cpu.max`]: '300000 100000\n',
        [`${group}/system.slice/taylord.service/cpu.max`]: 'max 100000\n',
        [`${group}/system.slice/taylord.service/memory.max`]: '1073741824\n',
        [`${group}/system.slice/memory.max`]: '268435456\n',
      },
    },
    [0, 1, 2],
    256,
  ],
  [
    'v1, --cpus 0.25 --memory 300m',
    {
      allowed: '0-3',
      ...v1,
      files: {
        [`${group}/cpu,cpuacct/cpu.cfs_quota_us`]: '25000\n',
        [`${group}/cpu,cpuacct/cpu.cfs_period_us`]: '100000\n',
        [`${group}/memory/memory.limit_in_bytes`]: '314572800\n',
      },
    },
    [0],
    300,
  ],
  [
    'v1 without limits',
    {
      allowed: '0-3',
      ...v1,
      files: {
        [`${group}/cpu,cpuacct/cpu.cfs_quota_us`]: '-1\n',
        [`${group}/cpu,cpuacct/cpu.cfs_period_us`]: '100000\n',
        [`${group}/memory/memory.limit_in_bytes`]: '9223372036854771712\n',
      },
    },
    [0, 1, 2, 3],
    all,
  ],
])('cores and memory of a container: %s', (_, shown, cpus, memoryMiB) => {
  expect(survey(shown)).toEqual({ cpus, memoryMiB })
})

interface Resources {
  readonly slots: { readonly total: number }
  readonly cores: { readonly total: number }
  readonly memory_enforcement: string
  readonly memory_enforcement_reason?: string
}

test('--slots is stronger than what was found; GET /v1/resources shows both, and how memory is enforced', async () => {
  const daemon = await startDaemon({ args: ['--slots', '7'] })
  const { body } = await daemon.get<Resources>('/v1/resources')
  expect(body).toMatchObject({ slots: { total: 7 }, cores: { total: surveyMachine().cpus.length } })
  expect(body.memory_enforcement === 'cgroup2' ? undefined : body.memory_enforcement_reason).toEqual(
    body.memory_enforcement === 'cgroup2' ? undefined : expect.stringContaining('cgroup v2: '),
  )
})
