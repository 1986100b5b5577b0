import { tasksets } from '../../topology.js'

/** Starts a program and reports its exit code and what it wrote. Program hosts carry it out; it has no task of its own. */
export default {
  worker: 'command',
  footprint: {
    attr: {
      kind: { values: ['command'] },
      program: { info: 'a path, or a name that is looked up in PATH' },
      args: { type: 'FPList' as const, optional: true, default: [], info: 'texts' },
      env: { type: 'FPDict' as const, optional: true, default: {}, info: 'variables added to a clean environment' },
      cwd: { optional: true, info: 'directory to run in; default: a fresh one that is removed afterwards' },
      stdin: { type: 'FPStr' as const, optional: true, info: 'text for its standard input; no [attr] in it is replaced' },
      ok_codes: { type: 'FPList' as const, optional: true, default: [0], info: 'exit codes that are a success' },
      taskset: { values: tasksets, optional: true, info: 'order of CPUs, and how the program is told which ones are its own' },
      taskset_bsize: { type: 'int' as const, optional: true, alias: ['block_size'], info: 'CPUs for the program; 1 when not given' },
    },
  },
}
