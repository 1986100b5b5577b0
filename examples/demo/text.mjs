/** Decimal units, as people count files. */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`
export const kilobytes = (bytes) => `${(bytes / 1e3).toFixed(1)} kB`

export const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} s`

/** Sum of the tasks' CPU time in s. */
export const cpuTimeOf = ({ entries }) => entries.reduce((sum, { usage }) => sum + usage.cpu, 0)
