// One module, as a daemon starts a process for each that it reads, and most tests start a daemon.
import act from './parts/act.mjs'
import arrays from './parts/arrays.mjs'
import plain from './parts/plain.mjs'
import saboteur from './parts/saboteur.mjs'
import slow from './parts/slow.mjs'
import teller from './parts/teller.mjs'

export default [act, ...arrays, ...plain, saboteur, ...slow, teller]
