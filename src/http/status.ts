/** What each status is called. Not by `import`, which would load all that `node:http` can load: an HTTP client, a tenth of a start. */
export const { STATUS_CODES } = process.getBuiltinModule('node:http')
