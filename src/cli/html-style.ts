import { Html } from './html.js'

/** How a report as HTML looks: the colours are those of the dashboard. */
export const style = new Html(`
:root { color-scheme: light dark; --ground: light-dark(#fff, #14171c); --raised: light-dark(#f4f6f8, #1c2027); --line: light-dark(#d5dae1, #343b46);
  --text: light-dark(#1b2129, #e4e8ee); --faint: light-dark(#57616e, #a2acb9); }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1320px; margin: 0 auto; padding: 16px; }
h1 { font-size: 18px; } h2 { margin-top: 24px; font-size: 15px; } h3 { margin: 12px 0 4px; font-size: 14px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 6px 20px; }
dt, p { color: var(--faint); } dt, thead th { font-size: 12px; color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; } p { margin: 4px 0; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; white-space: nowrap; }
.numbers td, .numbers th:not(:first-child) { text-align: right; }
pre { max-width: 90vw; max-height: 320px; margin: 4px 0; padding: 8px 12px; overflow: auto; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12.5px; }
svg { width: 100%; min-width: 720px; } svg.counts { min-width: 0; height: 12px; }
svg text { fill: var(--text); font-size: 10px; } svg line { stroke: var(--line); }
rect.succeeded { fill: #009e73; } rect.failed { fill: #d55e00; } rect.cancelled { fill: #b279a7; } rect.working { fill: #5b96ea; } rect.pending { fill: #9aa4b0; }
td.succeeded { color: light-dark(#006b4c, #4cc9a0); } td.failed, span.failed { color: light-dark(#a93a00, #ff9a66); } td.cancelled { color: light-dark(#81447a, #d7a0d0); }
`)
