/**
 * A program that does all it can to be left over: it ignores SIGTERM, and so does what it starts, one in its group, one orphaned by a second
 * fork, one in a session of its own. Each has `file` among its arguments; `file.session` is made once all of them run.
 * @param seconds for which the program itself goes on; the others would for a minute.
 */
export function clinging(file: string, seconds: number): { program: string; args: string[] } {
  const others = [
    `sh -c 'trap "" TERM; sleep 60; :' "$0" &`,
    `( sh -c 'trap "" TERM; sleep 60; :' "$0" & )`,
    `( setsid sh -c 'trap "" TERM; : > "$0.session"; sleep 60; :' "$0" & )`,
  ]
  const script = ['trap "" TERM', ...others, 'until [ -e "$0.session" ]; do sleep 0.01; done', `sleep ${seconds}`].join('\n')
  return { program: 'sh', args: ['-c', script, file] }
}
