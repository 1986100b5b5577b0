/** A guess, which lets the longest begin first. */
const bytesPerSecond = 500_000

/**
 * Has one Boss carry out one instruction for each file and follows it to its end.
 * @param job `{ name, crew, cpus, files, instructionFor }`; `cpus` are those of the crew, as texts; `instructionFor(file)` gives the attributes besides
 * `expected_time`.
 * @param show told of every event: `begin(job)`, `started(file, event)`, `reported(file, entry)`, `end()`.
 * @returns `{ name, entries, wall }`: report entries in the order of `files`, seconds from the POST to the last event.
 */
export async function carryOut(client, { name, crew, cpus, files, instructionFor }, show) {
  const entries = []
  show.begin({ name, cpus, files })
  const start = performance.now()
  try {
    const boss = await client.post('/v1/bosses', {
      name,
      crew,
      // longest first: no core is left with a long one at the end while the others have nothing to do
      scheduler: { limit: 'threads+memory', max_threads: cpus.length, memory_per_task: 64, binded: true },
      instructions: files.map((file) => ({ ...instructionFor(file), expected_time: file.bytes / bytesPerSecond })),
      end: true,
    })
    await client.follow(boss.id, (event) => {
      const at = event.instruction - 1 // ids count from 1 in the order of the rows
      if (event.type === 'instruction.started') show.started(files[at], event)
      if (event.type !== 'instruction.reported') return
      entries[at] = event
      show.reported(files[at], event)
    })
  } finally {
    show.end()
  }
  return { name, entries, wall: (performance.now() - start) / 1000 }
}
