// Builds dist/ from src/. Runs under any Node.js from 20 on, as nothing but `npm ci` may have gone before.
// A build that fails leaves the last one in place, and one that succeeds has no file of an older one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const [made, old] = [`dist.new-${process.pid}`, `dist.old-${process.pid}`]
try {
  mkdirSync(made)
  // first, so that a source which changes meanwhile is newer: scripts/ready.sh compares
  writeFileSync(`${made}/.built`, '')
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--outDir', made], { stdio: 'inherit' })
  if (status === 0) {
    moveIfThere('dist', old)
    renameSync(made, 'dist')
  }
  process.exitCode = status ?? 1
} finally {
  for (const dir of [made, old]) rmSync(dir, { recursive: true, force: true })
}

function moveIfThere(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
