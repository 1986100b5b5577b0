// Builds dist/ from src/. Runs under any Node.js from 20 on, as nothing but `npm ci` may have gone before.
// A build that fails leaves the last one in place, and one that succeeds has no file of an older one.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { build as viteBuild } from 'vite'
import { pageOf } from './reader.mjs'

/** What a process or a thread of ours begins with, by the name of its bundle. */
const entries = {
  main: 'main.js',
  host: 'worker/main.js',
  line: 'worker/line-thread.js',
  writer: 'store/writer.js',
  reader: 'store/reader.js',
}

/** What uPlot has for pointers, legends and logarithms: our charts have none, and it would be a quarter of it. */
const unused =
  'updateCursor initLegendRow setLegend setLegendValues syncLegend onMouse cacheMouse mouseUp mouseDown mouseMove mouseLeave setSeries setFocus join ' +
  'logAxisSplits asinhAxisSplits log10AxisValsFilt log2AxisValsFilt rangeLog rangeAsinh snapLogY snapAsinhY fmtDate timeAxisStamps timeAxisVals ' +
  'timeSeriesStamp timeSeriesVal allHeadersSame nullExpand addSeries delSeries clipBandLine sortCols rangeNum _rangeNum snapNumY'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const [made, old] = [`dist.new-${process.pid}`, `dist.old-${process.pid}`]
try {
  mkdirSync(made)
  // first, so that a source which changes meanwhile is newer: scripts/ready.sh compares
  writeFileSync(`${made}/.built`, '')
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--outDir', made], { stdio: 'inherit' })
  if (status === 0) {
    await bundle(resolve(made))
    await dashboard(resolve(made, 'dashboard'))
    writeFileSync(`${made}/docs.html`, pageOf('openapi.yaml'))
    moveIfThere('dist', old)
    renameSync(made, 'dist')
    warm()
  }
  process.exitCode = status ?? 1
} finally {
  for (const dir of [made, old]) rmSync(dir, { recursive: true, force: true })
}

/** To find, read and compile some seven hundred modules takes half a second of a start: what begins there becomes one file. */
async function bundle(dist) {
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(dist, file)])),
    platform: 'node',
    external: ['better-sqlite3', 'koffi'],
    plugins: [
      {
        // fastify loads it whether it is used or not: 6 MB, and a twentieth of a start
        name: 'no HTTP/2',
        transform: (code, id) => (id.endsWith('/fastify/lib/server.js') ? code.replace("require('node:http2')", '{}') : null),
      },
      {
        name: 'YAML when it is asked for',
        transform: (code, id) =>
          id.includes('/@fastify/swagger/lib/')
            ? code.replace("const yaml = require('yaml')", '').replaceAll(/\byaml\.(stringify|parse)\(/g, "require('yaml').$1(")
            : null,
      },
      {
        name: 'own place',
        transform: (code, id) => (id.startsWith(`${dist}/`) ? code.replaceAll('import.meta.url', placeOf(dist, id)) : null),
      },
    ],
  })
  await build.write({ dir: join(dist, 'bundle'), format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name].js' })
  for (const [name, file] of Object.entries(entries)) {
    const to = (path) => `./${relative(dirname(file), path)}`.replace('./../', '../')
    writeFileSync(
      join(dist, file),
      `import module from 'node:module'\nmodule.enableCompileCache?.(import.meta.dirname + '/${to('bundle/cache')}')\nawait import('${to(`bundle/${name}.js`)}')\n`,
    )
  }
}

/** The page that people look at: files whose names change with what is in them, each also packed, as the daemon sends them. */
async function dashboard(outDir) {
  await viteBuild({
    root: 'src/dashboard',
    configFile: false,
    logLevel: 'warn',
    // relative: a proxy may show it under a path
    base: './',
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    plugins: [{ name: 'lines only', transform: (code, id) => (id.includes('/uPlot.esm.js') ? linesOnly(code) : null) }],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
    },
  })
  for (const name of readdirSync(join(outDir, 'assets')))
    writeFileSync(join(outDir, 'assets', `${name}.gz`), gzipSync(readFileSync(join(outDir, 'assets', name)), { level: 9 }))
}

/** @throws Error when another version of it has no such function: look what became of it. */
function linesOnly(code) {
  const without = code.replaceAll(/^\t\((paths\.(stepped|bars|spline) +=.*)$/gm, '')
  return unused.split(' ').reduce((text, name) => {
    const emptied = text.replace(new RegExp(`^(\\t?)function ${name}\\([^]*?\\) \\{\\n[^]*?^\\1\\}`, 'm'), `$1function ${name}() {}`)
    if (emptied === text) throw new Error(`uPlot has no function ${name} any more`)
    return emptied
  }, without)
}

/** Where a module lies if it is not in a bundle: what it names beside itself is there. */
function placeOf(dist, id) {
  return `new URL('../${relative(dist, id)}', import.meta.url).href`
}

/** Compiles what a daemon and its hosts run, so that the first one starts as fast as others; it does no harm if it cannot. */
function warm() {
  const dir = mkdtempSync(join(tmpdir(), 'taylord-build-'))
  const rows = [
    { kind: 'sleeper', sleeping_time: 0.01 },
    { kind: 'command', program: 'true' },
  ]
  writeFileSync(join(dir, 'rows.json'), JSON.stringify({ instructions: rows }))
  // settings of a daemon of the builder's are not meant for this one
  spawnSync('bin/taylord', ['run', join(dir, 'rows.json')], {
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    timeout: 60_000,
  })
  rmSync(dir, { recursive: true, force: true })
}

function moveIfThere(from, to) {
  try {
    renameSync(from, to)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}
