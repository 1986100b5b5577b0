// Two kinds that compress a file. Which one is hired follows from what an instruction gives: with its size, and 1 GB or more, it is the one
// for large files. docs/workers.md goes through what the footprints say.
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { constants, createBrotliCompress, createGzip } from 'node:zlib'

const attr = {
  kind: { values: ['archive'], remap: { zip: 'archive' } },
  src: { alias: ['source'], outcast: [''], info: 'path of the file' },
  format: { values: ['br', 'gz'], optional: true, default: 'brotli', remap: { brotli: 'br', gzip: 'gz' } },
  out: { optional: true, default: '[src].[format]' },
  level: {
    type: 'int',
    optional: true,
    default: 9,
    remap: [
      [0, 1],
      ['best', 11],
    ],
  },
}

function compressor(format, level) {
  if (format === 'gz') return createGzip({ level: Math.min(level, 9) })
  return createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: level } })
}

async function task({ src, out, format, level }, { signal }) {
  await pipeline(createReadStream(src), compressor(format, level), createWriteStream(out), { signal })
  return { out, bytes: (await stat(out)).size }
}

export default [
  { worker: 'archive', footprint: { attr }, task },
  {
    worker: 'archive-large',
    footprint: {
      attr: { ...attr, size: { type: 'float', info: 'bytes' }, level: { type: 'int', optional: true, default: 5 } },
      only: { after_size: 1e9 },
    },
    task,
  },
]
