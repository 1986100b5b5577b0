import { expect, test } from 'vitest'
import { hasEnded, isRefused, minutesOf, parseJobs, parseNodes, refuses } from '../../src/crew/slurm/answers.js'
import { srunEndOf, type Witness } from '../../src/crew/slurm/ending.js'
import { Lookout } from '../../src/crew/slurm/lookout.js'
import { Patience } from '../../src/crew/slurm/patience.js'
import { classFor, hasTime, type SlurmSettings } from '../../src/crew/slurm/settings.js'
import type { SrunHost } from '../../src/crew/slurm/srun-host.js'
import { until } from '../support/temp.js'

test.each([
  ['infinite', undefined],
  ['UNLIMITED', undefined],
  ['1-00:00:00', 1440],
  ['2-12', 2 * 1440 + 720],
  ['2:30:00', 150],
  ['30:00', 30],
  ['1:30', 1],
])('the time limit %s is %s minutes', (text, minutes) => {
  expect(minutesOf(text)).toBe(minutes)
})

const sinfo = `n1|main*|2|2000|infinite|idle
n1|short|2|2000|30:00|idle
n2|main*|4|90|infinite|down*
n3|short|64|256000|30:00|mixed
n4|short|64|256000|30:00|draining
`

test('the nodes of the default partition, or of the one that was chosen', () => {
  const { nodes, minutes } = parseNodes(sinfo, undefined, 96)
  expect(nodes).toEqual([
    { node: 'n1', cores: 2, memory: 1904, state: 'idle', usable: true },
    { node: 'n2', cores: 4, memory: 0, state: 'down*', usable: false },
  ])
  expect(minutes).toBeUndefined()
  const short = parseNodes(sinfo, 'short', 0)
  expect(short.minutes).toBe(30)
  expect(short.nodes.map(({ node, usable }) => [node, usable])).toEqual([
    ['n1', true],
    ['n3', true],
    ['n4', false],
  ])
})

test('without a default partition all nodes count', () => {
  expect(parseNodes('n1|a|2|2000|infinite|idle\nn2|b|2|2000|infinite|idle\n', undefined, 0).nodes).toHaveLength(2)
})

test('jobs with their host, whatever else a comment says', () => {
  const jobs = parseJobs('7|PENDING||Resources|host=3\n8|COMPLETED|n1|None|host=12\n9|RUNNING|n2|None|(null)\n\n')
  expect(jobs.get('7')).toEqual({ state: 'PENDING', node: undefined, reason: 'Resources', host: 3 })
  expect(jobs.get('8')).toEqual({ state: 'COMPLETED', node: 'n1', reason: 'None', host: 12 })
  expect(jobs.get('9')?.host).toBeUndefined()
  expect([jobs.get('7'), jobs.get('8'), jobs.get('99')].map(hasEnded)).toEqual([false, true, true])
})

test.each(['COMPLETING', 'SUSPENDED', 'CONFIGURING', 'REQUEUED'])('a job that is %s has not ended', (state) => {
  expect(hasEnded({ state, node: undefined, reason: 'None', host: 1 })).toBe(false)
})

test('what Slurm will never start is told from what it will later', () => {
  expect(['PartitionConfig', 'BadConstraints', 'PartitionTimeLimit'].every(refuses)).toBe(true)
  expect(['Resources', 'Priority', 'QOSMaxJobsPerUserLimit', 'AssocGrpCpuLimit'].some(refuses)).toBe(false)
  expect(isRefused('srun: error: Unable to allocate resources: Requested node configuration is not available')).toBe(true)
  expect(isRefused('srun: error: Unable to allocate resources: Unable to contact slurm controller (connect failure)')).toBe(false)
})

const hostThat = (stderrTail = '', running: SrunHost['running'] = { f: 7, row: 2, loading: false }) =>
  ({
    running,
    stderrTail,
    its: { cores: 1, memory: 100, minutes: 60 },
    node: 'n1',
    cpus: [3],
    job: '12',
    talk: { held: [{ f: 7 }, { f: 8 }] },
  }) as unknown as SrunHost
const job = (state: string) => ({ state, node: 'n1', reason: 'None', host: 1 })

test.each<[string, string, Partial<Witness>, string, object]>([
  ['exit(7)', '', { code: 7, job: job('FAILED') }, 'exit', { exitCode: 7 }],
  ['exit(0) in a task', '', { code: 0, job: job('COMPLETED') }, 'exit', { exitCode: 0 }],
  ['a segmentation fault', '', { code: 139, job: job('FAILED') }, 'signal', { signal: 'SIGSEGV' }],
  ['cgroup oom', 'slurmstepd: error: Detected 1 oom_kill event', { code: 1, job: job('OUT_OF_MEMORY') }, 'oom', { limit: 100 }],
  ['polled oom', 'Exceeded job memory limit', { code: 137, job: job('FAILED') }, 'oom', { limit: 100 }],
  ['the wall time', 'CANCELLED AT 2026 DUE TO TIME LIMIT', { code: 137, job: job('TIMEOUT') }, 'timeout', { limit: 3600 }],
  ['a node that is gone, which srun tells by 0', 'Node failure on n1', { code: 0, job: job('NODE_FAIL') }, 'lost', { guilty: undefined }],
  ['scancel by somebody', '', { code: 143, job: job('CANCELLED') }, 'lost', { guilty: undefined }],
  ['pre-emption', '', { code: 143, job: job('PREEMPTED') }, 'lost', { guilty: undefined }],
  ['an end without a word', '', { code: 0 }, 'lost', { guilty: undefined }],
  ['an srun that was killed', '', { signal: 'SIGKILL' }, 'lost', { guilty: undefined }],
  ['no sign of life', '', { lost: 'nothing was heard of it' }, 'lost', { guilty: undefined }],
  ['a heap that is full', 'FATAL ERROR: JavaScript heap out of memory', { code: 134, job: job('FAILED') }, 'oom', {}],
])('%s', (_, stderr, seen, cause, more) => {
  const end = srunEndOf(hostThat(stderr), { code: null, signal: null, job: undefined, lost: undefined, ...seen })
  const guilty = cause === 'lost' ? undefined : { f: 7, row: 2 }
  expect(end).toMatchObject({ cause, frames: [7, 8], guilty, at: { node: 'n1', cpus: [3] }, ...more })
})

test('what ends while its module is loaded could not begin', () => {
  const end = srunEndOf(hostThat('', { f: 7, row: 0, loading: true }), { code: 3, signal: null, job: job('FAILED'), lost: undefined })
  expect(end).toMatchObject({ cause: 'start', loading: true, guilty: { f: 7, row: 0 } })
})

const settings = { minutes: 60 } as SlurmSettings

test('a host is asked for as long as its instruction is expected to need, within the partition', () => {
  const need = { cores: 2, memory: 100 }
  expect(classFor({ ...need, seconds: undefined }, settings)).toEqual({ ...need, minutes: 60 })
  expect(classFor({ ...need, seconds: 600 }, settings).minutes).toBe(60)
  expect(classFor({ ...need, seconds: 7200 }, settings).minutes).toBe(182)
  expect(classFor({ ...need, seconds: 7200 }, settings, 150).minutes).toBe(150)
})

test('an instruction begins where it has the time that it is expected to take, or half of all there is', () => {
  const its = { cores: 1, memory: 1, minutes: 60 }
  expect([hasTime(700, 600, its), hasTime(650, 600, its)]).toEqual([true, false])
  expect([hasTime(1900, undefined, its), hasTime(1700, undefined, its)]).toEqual([true, false])
})

test('hosts that cannot start are tried more and more seldom, and five in a row are no accident', () => {
  const patience = new Patience()
  const waits = Array.from({ length: 5 }, (_, i) => {
    patience.failed('no account', i * 1e6)
    let ms = 0
    while (!patience.mayTry(i * 1e6 + ms)) ms += 1000
    return ms / 1000
  })
  expect(waits).toEqual([1, 5, 30, 60, 60])
  expect(patience.reason).toBe('the last 5 hosts could not start: no account')
  patience.worked()
  expect([patience.reason, patience.lastFault, patience.mayTry(5e6), patience.isCareful]).toEqual([undefined, undefined, true, false])
})

test('nodes that do not answer yet are looked at again soon', async () => {
  const answers = [false, false, true]
  const node = { node: 'n1', cores: 2, memory: 100, state: 'idle' }
  const survey = () => Promise.resolve({ nodes: [{ ...node, usable: answers.shift() ?? true }], minutes: undefined })
  const cluster = { jobs: () => Promise.resolve(new Map()), survey } as unknown as ConstructorParameters<typeof Lookout>[0]
  const seen: boolean[] = []
  const lookout = new Lookout(cluster, { info: () => undefined, warn: () => undefined }, (nodes) =>
    seen.push(nodes.some(({ usable }) => usable)),
  )
  lookout.begin()
  await until(() => seen.includes(true), 'a node can be used')
  lookout.end()
  expect(seen).toEqual([false, false, true])
})
