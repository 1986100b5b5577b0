import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const smallest = 32 * 1024
const largest = 1024 * 1024

/**
 * Chooses files to work on: from 32 KiB to 1 MiB, in the order of their paths, no content twice by a link.
 * @param dir where to look, folders included.
 * @param mostBytes for all of them together; one that would exceed it is passed over.
 * @returns `{ path, name, bytes }` each: absolute path, path below `dir`, size.
 */
export function chooseFiles(dir, mostBytes) {
  const seen = new Set()
  const chosen = []
  let left = mostBytes
  for (const name of namesBelow(dir).sort()) {
    const path = join(dir, name)
    const { size, dev, ino } = statSync(path)
    const inode = `${dev} ${ino}`
    if (size < smallest || size > largest || size > left || seen.has(inode)) continue
    seen.add(inode)
    left -= size
    chosen.push({ path, name, bytes: size })
  }
  return chosen
}

/** Plain files below a directory; no symbolic links, and nothing hidden: tools keep caches there that change meanwhile. */
function namesBelow(dir, prefix = '') {
  return readdirSync(join(dir, prefix), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.')) return []
    const name = join(prefix, entry.name)
    if (entry.isDirectory()) return namesBelow(dir, name)
    return entry.isFile() ? [name] : []
  })
}
