import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Part } from './part.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The tests of docs/failures.md with their full figures. */
export const failures: Part = {
  help: 'each test of docs/failures.md with its full figures',
  unit: 'times',
  size: 1,
  async run({ size, say }) {
    const breaches: string[] = []
    const measured: Record<string, string> = {}
    for (let time = 0; time < size; time++) {
      const args = ['node_modules/vitest/vitest.mjs', 'run', 'test/failures', 'test/model', 'test/limits', '--retry=0', '--maxWorkers=1']
      const child = spawn(process.execPath, [...args, '--testTimeout=7200000', '--hookTimeout=600000'], {
        cwd: root,
        env: { ...process.env, TAYLORD_SOAK: '1', NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let rest = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          if (/✓/.test(line)) say(line.trim())
          const [, row, figure = ''] = /^measured: ([^:]+): (.*)/.exec(line) ?? []
          if (row !== undefined) measured[row] = row in measured ? `${measured[row]}; ${figure}` : figure
          if (/×/.test(line)) breaches.push(line.trim())
        }
      })
      const code = await new Promise((resolve) => child.once('close', resolve))
      if (code !== 0 && breaches.length === 0) breaches.push(`the tests ended with ${String(code)}`)
    }
    return { breaches, figures: { times: size, ...measured } }
  },
}
