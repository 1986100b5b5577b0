// The other end of the pipe: says when a row came, in ms of the clock that all processes of a machine share.
process.stdin.on('data', (row) => {
  JSON.parse(row)
  process.stdout.write(`${Number(process.hrtime.bigint()) / 1e6}\n`)
})
process.once('disconnect', () => process.exit())
