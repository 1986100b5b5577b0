import { bodyOf, type Boss, type Client, type components, type ReportEntry } from '../client/client.js'
import { nameOf, totalOf } from './connect.js'
import { Gantt } from './html-gantt.js'
import { html, type Html } from './html.js'
import { secondsText, timeOf } from './look.js'
import { style } from './html-style.js'

type Group = components['schemas']['FailureList']['items'][number]

/** Instructions that have a line of their own: what did not succeed first, then the others. */
const mostLines = 5_000
/** Characters of what a task handed back or wrote that stand in a line. */
const mostChars = 2_000

/** What the instructions of a kind took together. Times in s, memory in MiB. */
interface Sum {
  n: number
  succeeded: number
  wall: number
  longest: number
  cpu: number
  memory: number
}

/**
 * The report of a Boss as one HTML document, for people: what became of it, what failed, who worked when, and each instruction. It loads nothing
 * and has no script, so it opens anywhere and for ever.
 * @returns its text, a few MB at most, however many instructions there are.
 */
export async function htmlReport(client: Client, boss: Boss): Promise<string> {
  const failed = await bodyOf(client.api.GET('/v1/bosses/{boss}/failures', { params: { path: { boss: String(boss.id) } } }))
  const from = Date.parse(boss.created_at)
  const to = Math.max(from + 1, boss.over_at === undefined ? Date.now() : Date.parse(boss.over_at))
  const gantt = new Gantt(from, to)
  const sums = new Map<string, Sum>()
  const lines = { bad: [] as ReportEntry[], good: [] as ReportEntry[] }
  for await (const line of client.reportLines(boss.id)) {
    const entry = JSON.parse(line) as ReportEntry
    gantt.add(entry)
    sumUp(sums, entry)
    const list = entry.outcome === 'succeeded' ? lines.good : lines.bad
    if (list.length < mostLines) list.push(entry)
  }
  const shown = [...lines.bad, ...lines.good].slice(0, mostLines)
  const title = `${nameOf(boss)}: ${boss.status}`
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${factsOf(boss, to - from)}
${failuresOf(failed.items)}
<h2>Who worked when</h2>
${gantt.svg()}
<h2>By kind</h2>
${kindsOf(sums)}
<h2>Instructions</h2>
${shown.length < totalOf(boss) ? html`<p>${shown.length} of ${totalOf(boss)}: what did not succeed first. <code>taylord report ${boss.id} --json</code> has all that has ended.</p>` : []}
${tableOf(shown)}
</main>
</body>
</html>
`
  return text
}

function sumUp(sums: Map<string, Sum>, { kind, outcome, usage: { wall, cpu, max_rss: memory } }: ReportEntry): void {
  let sum = sums.get(kind)
  if (!sum) sums.set(kind, (sum = { n: 0, succeeded: 0, wall: 0, longest: 0, cpu: 0, memory: 0 }))
  sum.n++
  if (outcome === 'succeeded') sum.succeeded++
  sum.wall += wall
  sum.longest = Math.max(sum.longest, wall)
  sum.cpu += cpu ?? 0
  sum.memory = Math.max(sum.memory, memory ?? 0)
}

function factsOf(boss: Boss, tookMs: number): Html {
  const counts = Object.entries(boss.counts).filter(([, n]) => n > 0)
  const facts: readonly (readonly [string, string])[] = [
    ['Instructions', counts.map(([status, n]) => `${n} ${status}`).join(', ') || 'none'],
    ['Created', timeOf(boss.created_at)],
    [
      boss.over_at === undefined ? 'Not over, by now' : 'Over',
      boss.over_at === undefined ? timeOf(new Date().toISOString()) : timeOf(boss.over_at),
    ],
    ['Took', secondsText(tookMs / 1000)],
    ['Scheduler', JSON.stringify(boss.scheduler)],
    ...(boss.error ? [['Error', `${boss.error.type}: ${boss.error.message}`] as const] : []),
  ]
  const parts = counts.map(
    ([status, n]) => html`<rect class="${status}" x="${shareBefore(counts, status)}" width="${n / totalOf(boss)}" height="1"/>`,
  )
  return html`<svg class="counts" viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label="${facts[0]?.[1] ?? ''}">${parts}</svg>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function shareBefore(counts: readonly (readonly [string, number])[], status: string): number {
  const total = counts.reduce((sum, [, n]) => sum + n, 0)
  const at = counts.findIndex(([one]) => one === status)
  return counts.slice(0, at).reduce((sum, [, n]) => sum + n, 0) / total
}

function failuresOf(groups: readonly Group[]): Html | [] {
  if (groups.length === 0) return []
  const sections = groups.map(({ cause, kind, count, newest }) => {
    const said = newest.stderr_tail ?? newest.traceback ?? ''
    return html`<section><h3><span class="failed">✕ ${cause}</span> of ${kind}: ${count}</h3>
<p>Newest: ${newest.name}${newest.error ? `: ${newest.error.message}` : ''}</p>${said === '' ? [] : html`<pre>${cut(said)}</pre>`}</section>`
  })
  return html`<h2>What failed</h2>${sections}`
}

function kindsOf(sums: ReadonlyMap<string, Sum>): Html {
  const rows = [...sums].map(
    ([kind, { n, succeeded, wall, longest, cpu, memory }]) =>
      html`<tr><th scope="row">${kind}</th><td>${n}</td><td>${succeeded}</td><td>${secondsText(wall)}</td><td>${secondsText(wall / n)}</td><td>${secondsText(longest)}</td><td>${secondsText(cpu)}</td><td>${memory.toFixed(0)} MiB</td></tr>\n`,
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="By kind"><table class="numbers"><thead><tr><th>Kind</th><th>Ended</th><th>Succeeded</th><th>Time</th><th>Each</th><th>Longest</th><th>CPU time</th><th>Most memory</th></tr></thead><tbody>
${rows}</tbody></table></div>`
}

function tableOf(entries: readonly ReportEntry[]): Html {
  const rows = entries.map(
    ({ instruction, name, kind, outcome, cause, attempt, usage, error, report, stderr_tail: stderr, finished_at: at }) => {
      const said = [
        error && `${error.type}: ${error.message}`,
        report !== null && (typeof report === 'string' ? report : JSON.stringify(report)),
        stderr,
      ]
        .filter(Boolean)
        .join('\n')
      return html`<tr><th scope="row">${instruction}</th><td>${name}</td><td>${kind}</td><td class="${outcome}">${[outcome, cause].filter(Boolean).join(', ')}</td><td>${attempt}</td><td>${secondsText(usage.wall)}</td><td>${usage.max_rss === null ? '–' : `${usage.max_rss.toFixed(0)} MiB`}</td><td>${timeOf(at)}</td><td>${said === '' ? [] : html`<details><summary>what it said</summary><pre>${cut(said)}</pre></details>`}</td></tr>\n`
    },
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Instructions"><table><thead><tr><th>Id</th><th>Name</th><th>Kind</th><th>Outcome</th><th>Attempt</th><th>Time</th><th>Memory</th><th>Ended</th><th>Report</th></tr></thead><tbody>
${rows}</tbody></table></div>`
}

const cut = (text: string) => (text.length <= mostChars ? text : `${text.slice(0, mostChars)}…`)
