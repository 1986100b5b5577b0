import { parseArgs } from 'node:util'

/**
 * What the command line of an example says. `--help` prints `help` and ends with 0; an option that is not there ends with 2.
 * @param options as `parseArgs` takes them.
 */
export function readOptions(help, options = {}) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', default: false } } })
    if (!values.help) return values
  } catch (error) {
    console.error(`${error.message}; --help says what there is`)
    process.exit(2)
  }
  console.log(help)
  process.exit(0)
}

/** @returns a number above 0; anything else ends with 2. */
export function aboveZero(option, text) {
  const value = Number(text)
  if (value > 0 && value < Infinity) return value
  console.error(`--${option} must be a number above 0; it is "${text}"`)
  process.exit(2)
}
