// Writes the types of src/client from openapi.yaml: src/client/api.ts. With --print to stdout instead; a test compares.
import { writeFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { parseArgs } from 'node:util'

// TypeScript 7 has no interface for what writes TypeScript; the one before it does
const six = import.meta.resolve('@typescript/typescript6')
registerHooks({ resolve: (name, context, next) => (name === 'typescript' ? next(six, context) : next(name, context)) })
const { default: openapiTS, astToString } = await import('openapi-typescript')

const tree = await openapiTS(new URL('../openapi.yaml', import.meta.url), { emptyObjectsUnknown: true, defaultNonNullable: false })
const text = `// Written by scripts/client-api.mjs from openapi.yaml; do not change it by hand.\n${astToString(tree)}`
if (parseArgs({ options: { print: { type: 'boolean' } } }).values.print) process.stdout.write(text)
else await writeFile(new URL('../src/client/api.ts', import.meta.url), text)
