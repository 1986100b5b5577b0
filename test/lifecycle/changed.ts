import type { Entry, Seen } from './script.js'

/** What a case answers here where that is not what was recorded. */
export interface Changed {
  /** Why: a rule of DESIGN section 3, or an item of BEHAVIOUR section 9 that is mended. */
  readonly because: string
  /** What a step answers instead, by its position from 0. A case whose Boss is refused ends there. */
  readonly says: Readonly<Record<number, Seen>>
}

const ok = (name: string, report: unknown): Entry => ({ name, report })
const failed = (name: string, cause: string, error?: string): Entry => ({
  name,
  outcome: 'failed',
  cause,
  ...(error !== undefined && { error }),
})
const stopped = (name: string): Entry => ({ name, outcome: 'cancelled', cause: 'stopped' })
const report = (status: string, ...workers_report: Entry[]): Seen => ({ report: { status, workers_report } })
const left = (pending: string[], ...workers_report: Entry[]): Seen => ({ report: { status: 'pending', workers_report, pending } })
const marks = (...lines: string[]): Seen => ({ marks: lines })
const refused = (code: string): Seen => ({ refused: code })

const oneFailure = 'item 1: only the one that fails fails, and every report is kept'
const stopNow = 'DESIGN section 3: what stop now killed is told as cancelled'
const stop = 'item 3: STOP lets running work finish'
const unheard = 'item 3: STOP_LISTENING lets workers go on'
const silent = 'item 2: a worker that dies or cannot tell its report has failed'
const neverFits = 'item 6: what can never fit is refused'
const notTaken = 'items 12: instructions that will not be carried out are refused'
const atOnce = 'items 1 and 17: an instruction that cannot be carried out is refused when it is given'

/** Cases that answer otherwise, and why. */
export const changed: Readonly<Record<string, Changed>> = {
  'lc-s-07-halted-wait': { because: 'item 11: waiting for what is halted is refused', says: { 3: refused('boss-halted') } },
  'lc-s-09-end-ignores-new': { because: notTaken, says: { 2: refused('boss-not-listening') } },
  'lc-s-10-make-work-terminate': { because: notTaken, says: { 3: refused('boss-not-listening') } },
  'lc-s-11-end-report-read-then-wait': {
    because: 'item 12: the final report is read any number of times',
    says: { 5: report('finished', ok('golf', 'done')), 6: {} },
  },
  'lc-s-12-set-after-finish': { because: notTaken, says: { 2: refused('boss-not-listening') } },
  'lc-s-13-raise': {
    because: oneFailure,
    says: {
      3: {},
      4: report('finished', ok('alpha', 'done'), failed('bravo', 'exception', 'Boom: boom v1'), ok('delta', 'ok'), ok('golf', 'ok')),
      6: marks('alpha done', 'alpha start', 'bravo start', 'delta done', 'delta start', 'golf done', 'golf start'),
    },
  },
  'lc-s-14-raise-get-report': {
    because: oneFailure,
    says: {
      2: { alive: true },
      3: report('interim', failed('golf', 'exception', 'Boom: boom zz')),
      4: report('interim', failed('golf', 'exception', 'Boom: boom zz')),
    },
  },
  'lc-s-15-raise-set-instructions': { because: oneFailure, says: { 2: {} } },
  'lc-s-16-signal-STOP': {
    because: stop,
    says: {
      4: left(['delta'], ok('alpha', '42'), ok('bravo', 'done'), ok('golf', 'ok')),
      6: marks('alpha done', 'alpha start', 'bravo done', 'bravo start', 'golf done', 'golf start'),
    },
  },
  'lc-s-17-signal-STOP_LISTENING': {
    because: unheard,
    says: { 6: marks('alpha done', 'alpha start', 'bravo done', 'bravo start', 'golf done', 'golf start') },
  },
  'lc-s-18-signal-STOP_RIGHTNOW': {
    because: stopNow,
    says: { 4: left(['delta'], stopped('alpha'), stopped('bravo'), ok('golf', 'ok')) },
  },
  'lc-s-20-stop-nothing-pending': { because: stopNow, says: { 4: report('finished', stopped('bravo'), ok('golf', 'zz')) } },
  'lc-s-22-work-stop-listening': { because: unheard, says: { 6: marks('golf done', 'golf start') } },
  'lc-s-23-unequal-fatal': {
    because: 'DESIGN section 3: fatal is false unless it is asked for',
    says: { 4: report('finished', ok('golf', '42')) },
  },
  'lc-s-25-no-adequate-worker': { because: atOnce, says: { 0: refused('no-adequate-worker') } },
  'lc-s-26-no-adequate-worker-kind': { because: atOnce, says: { 0: refused('no-adequate-worker') } },
  'lc-s-27-same-name-together': { because: atOnce, says: { 0: refused('name-taken') } },
  'lc-s-28-same-name-in-turn': {
    because: 'item 17: names are unique among all unfinished instructions',
    says: { 0: refused('name-taken') },
  },
  'lc-s-30-unreachable-token': { because: atOnce, says: { 0: refused('unknown-attribute-token') } },
  'lc-s-31-sys-exit': {
    because: 'item 15: a worker that exits has failed',
    says: { 2: report('finished', ok('bravo', 'ok'), failed('golf', 'exit')) },
  },
  'lc-s-32-lost-osexit': { because: silent, says: { 2: report('interim', ok('bravo', '42'), failed('golf', 'exit')), 3: {} } },
  'lc-s-33-lost-sigkill': { because: silent, says: { 2: report('interim', ok('bravo', 'zz'), failed('golf', 'signal')), 3: {} } },
  'lc-s-34-lost-unpicklable': {
    because: silent,
    says: {
      2: report(
        'interim',
        ok('bravo', '42'),
        failed(
          'golf',
          'exception',
          'TypeError: its report cannot be written as JSON: Do not know how to serialize a BigInt; return plain data',
        ),
      ),
      3: {},
    },
  },
  'lc-s-35-lost-raise-unpicklable': {
    because: silent,
    says: { 2: report('interim', ok('bravo', '42'), failed('golf', 'exception', 'Boom: unpicklable')), 3: {} },
  },
  'lc-s-36-return-exception': {
    because: 'item 15: an error that is returned fails its own instruction only',
    says: { 1: {}, 2: report('finished', ok('bravo', '42'), failed('golf', 'exception', 'Boom: returned v1')) },
  },
  'lc-s-37-raise-not-loadable': { because: oneFailure, says: { 1: {} } },
  'lc-s-38-too-big-memory': { because: neverFits, says: { 0: refused('never-fits') } },
  'lc-s-39-too-big-longer-first': { because: neverFits, says: { 0: refused('never-fits') } },
  'lc-s-40-memory-null': {
    because: 'items 6 and 7: null counts as not given, which is 2048 MiB a task and never fits into 50',
    says: { 0: refused('never-fits') },
  },
  'lc-s-41-zero-threads-text': {
    because: 'item 10: "0" is the number 0, half the CPUs',
    says: { 2: report('interim', ok('golf', 'v1')), 3: {} },
  },
  'lc-s-42-cleanup-cut-short': {
    because: 'item 16: there is time to clean up, then SIGKILL',
    says: { 4: report('finished', stopped('golf')), 6: marks('golf cleaned', 'golf interrupted SignalInterruptError', 'golf start') },
  },
  'lc-s-43-stubborn': {
    because: 'item 16: asked once, then SIGKILL',
    says: { 4: report('finished', stopped('golf')), 5: marks('golf interrupted SignalInterruptError', 'golf start') },
  },
  'lc-s-49-batch-main-raise': {
    because: oneFailure,
    says: { 0: report('finished', ok('bravo', 'done'), failed('golf', 'exception', 'Boom: boom zz')) },
  },
}

const noProcess = 'a Boss has no process of its own to be killed; what a daemon that is killed leaves is held by test/restart'

/** Cases that are not replayed, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  'lc-s-44-boss-sigterm': noProcess,
  'lc-s-45-boss-sigint': noProcess,
  'lc-s-46-boss-sigkill': noProcess,
  'lc-s-47-boss-deleted': 'a Boss is no object of its client, so none can be dropped; a client that leaves harms nobody',
}
