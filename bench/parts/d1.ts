import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../clients/child.ts'
import { durable, noops, through, throughNew, warmUp, withDaemon } from '../daemon.ts'
import type { Bench, Part, Row } from '../part.ts'

const dashboards = 50
const patienceMs = 10_000

/** @returns rows a second. @throws when a dashboard is not told of every report. */
function through50(bench: Bench, n: number): Promise<number> {
  return withDaemon(bench, async (daemon) => {
    await warmUp(daemon)
    const client = await Client.start('dashboards.ts', daemon.url, String(dashboards))
    try {
      const told = () => client.ask<{ reports: number; answered: number; cpuMs: number }>('how many')
      const { reports: warm } = await told()
      const rate = await through(daemon, n, noops(n))
      const end = Date.now() + patienceMs
      let now = await told()
      for (; now.reports - warm < n && Date.now() < end; now = await told()) await sleep(100)
      if (now.reports - warm < n) throw new Error(`a dashboard was told of ${now.reports - warm} of ${n} reports`)
      bench.say(`${now.answered} calls of the dashboards were answered; they took ${now.cpuMs} ms of CPU themselves`)
      return rate
    } finally {
      client.end()
    }
  })
}

export const d1: Part = {
  help: 'A million no-ops of one Boss while 50 dashboards look at them.',
  needs: [],
  notes: [
    'The dashboards are one process beside the daemon, on the same cores: each follows brief events and asks what the view Now asks, in its intervals, over connections of its own. One must be told of all reports.',
    'That process has the least priority (nice 19), since the pages of users run on other machines; what it costs the daemon to tell and answer them is in the figure.',
    'Without dashboards is measured before and after with them in each run; the ratio is to the mean of both.',
  ],
  async run(bench) {
    const alone: Row = { what: 'without dashboards', unit: '/s', values: [], durability: durable }
    const seen: Row = { what: 'with 50', unit: '/s', values: [], durability: durable }
    const ratio: Row = { what: 'with ÷ without', unit: '×', values: [], target: { least: 0.95 } }
    const n = bench.size(1_000_000)
    let before = await throughNew(bench, n)
    for (let run = 0; run < bench.runs; run++) {
      bench.say(`run ${run + 1}`)
      const looked = await through50(bench, n)
      const after = await throughNew(bench, n)
      alone.values.push((before + after) / 2)
      seen.values.push(looked)
      ratio.values.push((2 * looked) / (before + after))
      before = after
    }
    return [seen, alone, ratio]
  },
}
