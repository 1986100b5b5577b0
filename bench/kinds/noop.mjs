// A worker kind that does nothing: what is measured with it is taylord itself.
export default { worker: 'noop', footprint: { attr: { kind: { values: ['noop'] }, i: { type: 'int' } } }, task: ({ i }) => i }
