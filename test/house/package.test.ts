import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
type Versions = Record<string, string>
const pack = JSON.parse(read('package.json')) as {
  version: string
  dependencies: Versions
  devDependencies: Versions
  optionalDependencies: Versions
}

test('dependencies are pinned to exact versions', () => {
  const wanted = Object.entries({ ...pack.dependencies, ...pack.devDependencies, ...pack.optionalDependencies })
  expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
})

test('the lock file names no registry, so that `npm ci` takes the one of the machine', () => {
  expect(read('package-lock.json')).not.toContain('"resolved"')
})

test('nothing that is installed was given up by its maintainers: npm writes that down when a package is added', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { deprecated?: string }> }
  expect(Object.keys(packages).length).toBeGreaterThan(100)
  expect(Object.entries(packages).filter(([, { deprecated }]) => deprecated !== undefined)).toEqual([])
})

test('the image is labelled with the version of package.json', () => {
  expect(read('Dockerfile')).toContain(`org.opencontainers.image.version=${pack.version}\n`)
})
