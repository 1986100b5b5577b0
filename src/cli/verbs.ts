import { json, outcomes, quiet, rowOptions, serverOptions, time, word } from './options.js'
import { upkeep } from './upkeep.js'
import type { Options, Verb } from './verb.js'

const causes = 'exception exit signal oom timeout lost start requested stopped expired'.split(' ')
const statuses = ['pending', 'working', ...outcomes]

const signal = (summary: string, notes: string, example: string, options: Options = {}): Verb => ({
  group: 'change',
  summary,
  takes: 'BOSS...',
  options: { ...options, ...json('each Boss as JSON, one a line'), ...quiet(), ...serverOptions },
  notes,
  examples: [example],
  load: async () => (await import('./signals.js')).signal,
})

const sources = `FILE holds rows: a list in JSON (*.json) or YAML, or a row a line (*.ndjson, *.jsonl, or - for stdin).
Other options are attributes of each instruction, as the kind takes them: --width 320 is a text, which the kind makes a number of;
--args:='["-v"]' is JSON. A row's own attributes go before these. One with a program is a command. Commands, also those of rows, run in this
directory, unless --cwd or the row names another; a relative one is seen from here.

What follows -- is a command; its first word is the program, unless --program names it. It is no line for a shell: for that, -- sh -c '...'.
In it and in attributes, as in GNU parallel: {} is the value of --each, {.} without extension, {/} without directory, {//} its directory,
{/.} without both, {#} its number. Without any of them, the value is the last argument. Each instruction has its value for a name.`

const outage =
  'a connection that broke, and while the daemon is away, for up to 5 minutes or until a --timeout; it says so, and ends with 4 then'

/** What asks a daemon. */
const verbs: Readonly<Record<string, Verb>> = {
  run: {
    group: 'work',
    summary: 'carry out the Boss of a file with a daemon of its own, and print the reports',
    takes: 'FILE',
    options: {
      server: word('URL', 'a daemon that is there; default: one of its own, for this run alone'),
      plugins: word('DIR', 'directory of worker kinds, for a daemon of its own', 'file'),
      json: { help: 'print the report as one JSON document' },
      'token-file': word('FILE', 'a file that holds a token for --server; TAYLORD_TOKEN is one itself', 'file'),
    },
    notes: `FILE describes a Boss as POST /v1/bosses takes it, in JSON (*.json) or YAML. Progress goes to stderr, the reports to stdout.
Ctrl-C stops the Boss and what runs; a second one does not wait for it.`,
    examples: ['taylord run boss.yaml'],
    load: async () => (await import('./run.js')).run,
  },
  submit: {
    group: 'work',
    summary: 'make a Boss of instructions',
    takes: '[FILE... | --each VALUE...] [--ATTRIBUTE VALUE]... [-- COMMAND...]',
    options: {
      name: word('NAME', 'of the Boss'),
      threads: word('N', 'instructions at once; default: one for each core, or Slurm host; 0: half of the cores'),
      scheduler: word('JSON', 'another policy, as in {"limit": "memory", "max_memory": 16000}'),
      crew: word('CREW', 'where its workers run: local or slurm', ['local', 'slurm']),
      ...rowOptions,
      boss: word('BOSS', 'give them to a Boss that is there, as append does'),
      'keep-open': { help: 'it takes more instructions until taylord end; default: it is over when these are done' },
      wait: { help: 'wait until it is over, and end with 1 when something did not succeed' },
      follow: { short: 'f', help: 'the same, and print a line when an instruction ends' },
      ...json('the Boss as JSON; with --follow its events, one a line'),
      ...quiet('the id only; with --follow those of instructions'),
      ...serverOptions,
    },
    attributes: true,
    notes: `${sources}

A FILE that holds an object describes a whole Boss, as POST /v1/bosses takes it. Rows and the Boss are stored durably, all or nothing.`,
    examples: [
      'taylord submit --each photos/*.jpg -- convert {} -resize 50% {.}.webp',
      'taylord submit --kind command --program convert --each photos/*.jpg -- {} {.}.webp',
      'find . -name "*.log" | taylord submit --threads 4 --each - -- gzip --keep',
      'taylord submit rows.ndjson --name night --retries 2 --timeout 1h --wait',
    ],
    load: async () => (await import('./submit.js')).submit,
  },
  append: {
    group: 'work',
    summary: 'give a Boss more instructions',
    takes: 'BOSS [FILE... | --each VALUE...] [--ATTRIBUTE VALUE]... [-- COMMAND...]',
    options: { ...rowOptions, ...json('{"count", "first", "last"}'), ...quiet('the range of ids, as in 1-100'), ...serverOptions },
    attributes: true,
    notes: sources,
    examples: ['taylord append night --each *.wav -- flac {}', 'make-rows | taylord append night -'],
    load: async () => (await import('./submit.js')).append,
  },
  ls: {
    group: 'look',
    summary: 'list the newest Bosses, or the instructions of one',
    takes: '[BOSS]',
    options: {
      number: { ...word('N', 'Bosses (20)'), short: 'n' },
      all: { short: 'a', help: 'all Bosses' },
      status: word('STATUS', 'instructions that are pending, working, succeeded, failed, cancelled', statuses),
      kind: word('KIND', 'instructions of this kind'),
      name: word('NAME', 'instructions of this name'),
      cause: word('CAUSE', `instructions that ended by ${causes.join(', ')}`, causes),
      ...json('each Boss or instruction as JSON, one a line'),
      ...quiet(),
      ...serverOptions,
    },
    notes: '',
    examples: ['taylord ls', 'taylord ls last --status failed'],
    load: async () => (await import('./look.js')).ls,
  },
  show: {
    group: 'look',
    summary: 'show a Boss, or instructions of it with their attempts',
    takes: 'BOSS [IDS]',
    options: { ...json('the Boss, or each instruction, as JSON, one a line'), ...quiet(), ...serverOptions },
    notes: '',
    examples: ['taylord show last', 'taylord show night 3 8-10'],
    load: async () => (await import('./look.js')).show,
  },
  report: {
    group: 'look',
    summary: 'print what has ended, in the order in which it did',
    takes: 'BOSS',
    options: {
      status: word('STATUS', `only what ${outcomes.join(', ')}`, outcomes),
      html: word('FILE', 'write it as one HTML file, with a Gantt, that needs nothing else to be looked at; - is stdout', 'file'),
      ...json('each entry of the report as JSON, one a line'),
      ...quiet('ids of instructions only'),
      ...serverOptions,
    },
    notes: '',
    examples: [
      'taylord report last --status failed',
      'taylord report last --html report.html',
      'taylord report last',
      'taylord report last --json | jq \'select(.outcome != "succeeded")\'',
    ],
    load: async () => (await import('./report.js')).report,
  },
  follow: {
    group: 'look',
    summary: 'print a line when an instruction ends, until its Boss is over',
    takes: '[BOSS]',
    options: {
      kind: word('KINDS', 'only reports of these kinds, with commas between'),
      outcome: word('OUTCOMES', `only reports with these outcomes, with commas between: ${outcomes.join(', ')}`, outcomes),
      boss: word('BOSSES', 'only of these, with commas between, without an end'),
      since: word('SEQ', 'events after this one; default: all of a BOSS that are kept, and of all Bosses what happens from now on'),
      timeout: word('TIME', `how long at most; ${time}`),
      ...json('each event as JSON, one a line'),
      ...quiet('ids of instructions only'),
      ...serverOptions,
    },
    notes: `It goes on after ${outage}. Without a BOSS it follows all, and does not end.
It ends with 1 when something of the BOSS did not succeed.`,
    examples: ['taylord follow last', 'taylord follow --outcome failed,cancelled'],
    load: async () => (await import('./follow.js')).follow,
  },
  wait: {
    group: 'look',
    summary: 'wait until a Boss is over, and show how far it is',
    takes: 'BOSS',
    options: {
      timeout: word('TIME', `how long at most; ${time}`),
      ...json('the Boss as JSON'),
      ...quiet('its id only, and no progress'),
      ...serverOptions,
    },
    notes: `It goes on after ${outage}.
It ends with 0 when all succeeded, 1 when something did not, 124 when the time is over.`,
    examples: ['taylord wait last --timeout 15m'],
    load: async () => (await import('./follow.js')).wait,
  },
  logs: {
    group: 'look',
    summary: 'print what an instruction wrote',
    takes: 'BOSS ID | BOSS --status STATUS',
    options: {
      status: word('STATUS', 'of all that are working, succeeded, failed, cancelled, one after the other', statuses.slice(1)),
      follow: { short: 'f', help: 'go on while it writes, until the attempt ends' },
      stdout: { help: 'only what it wrote to stdout' },
      stderr: { help: 'only what it wrote to stderr; it goes to stdout' },
      attempt: word('N', 'of which attempt; default: the newest'),
      ...serverOptions,
    },
    notes: `What it wrote to stdout goes to stdout, and what to stderr to stderr, byte by byte. With --status each one's is headed on stderr.
-f goes on after ${outage}; when the attempt was lost with it, with the next one.`,
    examples: ['taylord logs -f last 3', 'taylord logs last --status failed'],
    load: async () => (await import('./report.js')).logs,
  },
  halt: signal('start nothing new of a Boss; what runs goes on', '', 'taylord halt night'),
  work: signal('let a Boss go on that was halted', '', 'taylord work night'),
  end: signal('let a Boss take no more instructions, and be over when all is done', '', 'taylord end night'),
  stop: signal(
    'start nothing more of a Boss; it is over when what runs has finished',
    'What waits is left pending. With --now what runs is ended, and reported as cancelled.',
    'taylord stop night --now',
    { now: { help: 'end what runs, too: SIGTERM, the grace of each, SIGKILL' } },
  ),
  cancel: {
    group: 'change',
    summary: 'cancel instructions',
    takes: 'BOSS [IDS]',
    options: {
      status: word('STATUS', 'those that are pending, or those that are working', ['pending', 'working']),
      kind: word('KIND', 'those of this kind'),
      name: word('NAME', 'those of this name'),
      all: { short: 'a', help: 'all that have not ended' },
      reason: word('TEXT', 'why, for who reads the report'),
      ...json('{"cancelled": n, "working": how many of them had begun}'),
      ...quiet('the ids that were given and cancelled'),
      ...serverOptions,
    },
    notes: `Those that run are told to end and have their grace; those that have ended already stay as they are.
Of IDS of which one is not there none is cancelled.`,
    examples: ['taylord cancel night 3 8-10', 'taylord cancel night --status pending --reason "wrong input"'],
    load: async () => (await import('./orders.js')).cancel,
  },
  retry: {
    group: 'change',
    summary: 'give what failed once more, as new instructions',
    takes: 'BOSS [IDS]',
    options: {
      cause: word('CAUSES', `only what ended by these, with commas between: ${causes.join(', ')}`, causes),
      into: word('BOSS', 'who gets them; a name that no Boss has is that of a new one'),
      wait: { help: 'wait until the Boss that gets them is over, and end with 1 when something did not succeed' },
      ...json('{"count", "first", "last", "boss"}; with --wait the Boss'),
      ...quiet('the range of ids, as in 1-100; with --wait the id of the Boss'),
      ...serverOptions,
    },
    notes: `The BOSS itself gets them; if it takes no more, or is over, a new one with its scheduler, which is over when they are done.
What was given again already is left out, unless IDS name it.`,
    examples: ['taylord retry night --cause exit,timeout', 'taylord retry last --wait'],
    load: async () => (await import('./orders.js')).retry,
  },
  kinds: {
    group: 'more',
    summary: 'list the worker kinds and their attributes',
    takes: '',
    options: { ...json('each kind as JSON, one a line'), ...quiet('names only'), ...serverOptions },
    notes: 'Attributes in brackets may be left out.',
    examples: ['taylord kinds'],
    load: async () => (await import('./house.js')).kinds,
  },
  resources: {
    group: 'more',
    summary: 'show what the machine has and who holds it',
    takes: '',
    options: { ...json('them as JSON'), ...serverOptions },
    notes: '',
    examples: ['taylord resources'],
    load: async () => (await import('./house.js')).resources,
  },
}

/** All that taylord can be told to do. @param settings options of `serve`. */
export function verbsWith(settings: Options): Readonly<Record<string, Verb>> {
  const serve: Verb = {
    group: 'daemon',
    summary: 'run the daemon',
    takes: '',
    options: settings,
    notes: `Each is also a variable TAYLORD_..., such as TAYLORD_PORT.

When it listens, the first line on stdout is "taylord listening on http://HOST:PORT" (https:// with TLS, unix:PATH on a socket). Logs are JSON lines on stderr.
It ends with 0 after SIGTERM, SIGINT or POST /v1/drain: nothing new starts, running work gets its grace; a second signal ends it at once.
It ends with 1 when it cannot start, 2 when a setting is wrong, 70 when it can write nothing more because of a fault of its own.`,
    examples: ['taylord serve --port 8080 --data /var/lib/taylord'],
    load: async () => Promise.reject(new Error('main.ts carries it out')),
  }
  const completions: Verb = {
    group: 'more',
    summary: 'print a script that completes what is typed in bash, zsh or fish',
    takes: 'bash|zsh|fish',
    options: {},
    notes: `bash: eval "$(taylord completions bash)" in ~/.bashrc
zsh:  eval "$(taylord completions zsh)" in ~/.zshrc, after compinit
fish: taylord completions fish > ~/.config/fish/completions/taylord.fish`,
    examples: ['taylord completions bash'],
    load: async () => {
      const { completionsFor } = await import('./completions.js')
      return (asked) => completionsFor(asked, all)
    },
  }
  const all = { serve, ...upkeep, ...verbs, completions }
  return all
}
