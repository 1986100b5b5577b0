import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

// the asynchronous one: the host goes on hearing the daemon meanwhile
const compress = promisify(brotliCompress)

/** Compresses a file with brotli and reports what came of it; the file stays as it is. */
export default {
  worker: 'brotli',
  footprint: {
    attr: {
      kind: { values: ['brotli'] },
      path: { info: 'absolute path of the file' },
      quality: { type: 'int', optional: true, default: constants.BROTLI_MAX_QUALITY, info: '0 is fast, 11 is small' },
    },
  },

  /** @returns bytes before and after, and the SHA-256 of the content in hexadecimal. */
  async task({ path, quality }, { signal }) {
    const content = await readFile(path, { signal })
    const compressed = await compress(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    })
    return { bytes: content.length, compressed: compressed.length, sha256: createHash('sha256').update(content).digest('hex') }
  },
}
