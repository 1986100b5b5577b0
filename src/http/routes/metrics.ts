import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import type { Figures, Workshop } from '../../workshop/contract.js'
import { contentTypes, preferred, render, type Family, type Sample } from '../openmetrics.js'
import { problems } from '../schemas.js'
import { Vitals } from '../vitals.js'

const bytesOfMiB = 2 ** 20
const Text = { schema: Type.String() }

/** What a monitoring system reads at intervals. */
export const metrics: FastifyPluginAsyncTypebox<{ workshop: Workshop; version: string; openFiles: number }> = async (
  app,
  { workshop, version, openFiles },
) => {
  const vitals = new Vitals()
  app.addHook('onClose', async () => vitals.end())

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        tags: ['operations'],
        summary: 'Read counts, times and levels, for Prometheus and others',
        description:
          'OpenMetrics 1.0, or the text form 0.0.4 of Prometheus where `Accept` prefers that. Counts begin at 0 with the daemon and show committed ' +
          'state only. Label values are bounded: nothing in them comes from clients.',
        response: {
          200: {
            description: 'families of figures',
            content: { 'application/openmetrics-text': Text, 'text/plain': Text },
          },
          ...problems(),
        },
      },
    },
    async ({ headers }, reply) => {
      const format = preferred(headers.accept)
      const [figures, openNow] = await Promise.all([workshop.figures(), vitals.openFiles()])
      const families = [...houseFamilies(figures, version), ...processFamilies(vitals, openNow, openFiles)]
      return reply.type(contentTypes[format]).header('vary', 'accept').send(render(families, format))
    },
  )
}

const one = (value: number): readonly Sample[] => [{ value }]
/** A value for each label. */
const by = (label: string, values: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(values).map(([name, value]) => ({ labels: { [label]: name }, value }))

function houseFamilies(figures: Figures, version: string): Family[] {
  const { ended, retried, bosses, slots, memory, hosts } = figures
  return [
    { name: 'taylord', type: 'info', help: 'The daemon.', samples: [{ labels: { version }, value: 1 }] },
    {
      name: 'taylord_ready',
      type: 'gauge',
      help: 'Whether it should get new work, as /readyz says: 1 or 0.',
      samples: one(figures.ready ? 1 : 0),
    },
    {
      name: 'taylord_instructions_appended',
      type: 'counter',
      help: 'Instructions that were stored.',
      samples: one(figures.appended),
    },
    {
      name: 'taylord_instructions_ended',
      type: 'counter',
      help: 'Instructions that have ended, each once; cause is none of those that succeeded.',
      samples: ended.map(({ outcome, cause = 'none', n }) => ({ labels: { outcome, cause }, value: n })),
    },
    {
      name: 'taylord_attempts_retried',
      type: 'counter',
      help: 'Attempts that came to nothing and are followed by another one.',
      samples: retried.map(({ cause, n }) => ({ labels: { cause }, value: n })),
    },
    {
      name: 'taylord_wait_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'From the append of an instruction to its first start, without those that were appended before the daemon started. Good to 0.1 s.',
      samples: figures.wait,
    },
    {
      name: 'taylord_run_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'Of an attempt that its worker reported. Short ones are reported together and counted with their mean.',
      samples: figures.run,
    },
    {
      name: 'taylord_commit_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'Until what a turn decided was on disk.',
      samples: figures.commit,
    },
    {
      name: 'taylord_turn_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'Of a turn that decided something, its commit included.',
      samples: figures.turn,
    },
    { name: 'taylord_instructions_pending', type: 'gauge', help: 'Instructions that wait.', samples: one(figures.pending) },
    {
      name: 'taylord_instructions_working',
      type: 'gauge',
      help: 'Instructions that are being carried out.',
      samples: one(figures.working),
    },
    { name: 'taylord_bosses', type: 'gauge', help: 'Bosses that are not over.', samples: by('status', bosses) },
    { name: 'taylord_cores', type: 'gauge', help: 'CPUs that workers may use.', samples: one(figures.cores) },
    { name: 'taylord_slots', type: 'gauge', help: 'Workers that may run at once.', samples: one(slots.total) },
    { name: 'taylord_slots_used', type: 'gauge', help: 'Of these, those that are granted.', samples: one(slots.used) },
    {
      name: 'taylord_memory_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Memory for all workers.',
      samples: one(memory.total * bytesOfMiB),
    },
    {
      name: 'taylord_memory_granted_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Of that, what is granted.',
      samples: one(memory.granted * bytesOfMiB),
    },
    { name: 'taylord_hosts', type: 'gauge', help: 'Worker processes, busy and idle.', samples: by('role', hosts) },
    { name: 'taylord_event_followers', type: 'gauge', help: 'Connections that follow events.', samples: one(figures.followers) },
    {
      name: 'taylord_database_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Size of the database file.',
      samples: one(figures.databaseBytes),
    },
    {
      name: 'taylord_wal_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Size of the write-ahead log beside it.',
      samples: one(figures.walBytes),
    },
  ]
}

/** @param openFiles that this process has open, and may have. */
function processFamilies(vitals: Vitals, openNow: number, openFiles: number): Family[] {
  return [
    {
      name: 'taylord_event_loop_lag_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'How late a timer of the daemon was, tried twice a second from the first scrape on.',
      samples: vitals.loopLag,
    },
    {
      name: 'process_cpu_seconds',
      type: 'counter',
      unit: 'seconds',
      help: 'CPU time of the daemon, without its workers.',
      samples: one(vitals.cpuSeconds),
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      unit: 'bytes',
      help: 'Resident memory of the daemon, without its workers.',
      samples: one(vitals.residentBytes),
    },
    { name: 'process_open_fds', type: 'gauge', help: 'Files and connections that it has open.', samples: one(openNow) },
    { name: 'process_max_fds', type: 'gauge', help: 'As many as it may have open.', samples: one(openFiles) },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'When it started, since 1970.',
      samples: one(vitals.startedAt),
    },
  ]
}
