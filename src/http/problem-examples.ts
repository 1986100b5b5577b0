import type { Code } from './problem.js'

type Example = { readonly detail: string; readonly [fact: string]: unknown }

/** What a refusal of each code looks like: `detail` and facts as the daemon tells them. */
export const exampleOf: Readonly<Record<Code, Example>> = {
  'bad-json': { detail: 'line 3 is no JSON: Unexpected end of JSON input', line: 3 },
  'bad-request': { detail: 'this is no HTTP request that can be read: Parse Error: Invalid method encountered' },
  'not-found': { detail: 'there is no Boss nap; GET /v1/bosses lists those there are', boss: 'nap' },
  'method-not-allowed': {
    detail: 'there is no PUT of /v1/bosses; it takes GET, HEAD, POST',
    asked: 'PUT',
    available: ['GET', 'HEAD', 'POST'],
  },
  'idempotency-in-progress': { detail: 'a call with this Idempotency-Key is being carried out; ask again for its answer', key: '6f1c2c0a' },
  'idempotency-conflict': {
    detail: 'another call was made with this Idempotency-Key: method, address or body differ; give each call a key of its own',
    key: '6f1c2c0a',
  },
  stalled: {
    detail: 'nothing more of the body came for 60 s; nothing of it was kept. Send it again, or give the daemon a larger --upload-idle',
    upload_idle: 60,
  },
  'name-taken': {
    detail: 'an unfinished Boss is already named "nap"; give this one another name, or append to that one',
    name: 'nap',
  },
  'boss-not-listening': {
    detail: 'Boss 7 is ending and takes no more instructions; make another one with POST /v1/bosses',
    boss: 7,
    boss_status: 'ending',
    ending: true,
  },
  'boss-halted': {
    detail: 'Boss 7 was ended while halted, with 12 instructions pending; POST …/work lets it finish, POST …/stop leaves them',
    boss: 7,
    pending: 12,
  },
  'boss-not-over': { detail: 'Boss 7 is not over; end or stop it first', boss: 7, boss_status: 'working' },
  'already-done': {
    detail: 'instruction 3 of Boss 7 cannot be changed any more: it has ended; its document says how',
    boss: 7,
    instruction: 3,
  },
  'array-in-use': {
    detail:
      'work of Boss 7 runs and may have array "shared_sum" mapped; halt the Boss and wait until nothing runs, or put the array under another name',
    boss: 7,
    array: 'shared_sum',
  },
  'too-large': { detail: 'one call takes at most 1000000 rows; send the others in a second one', max_rows: 1_000_000 },
  'unsupported-type': {
    detail: "the body's content type is not taken here; use `curl --json` or -H 'Content-Type: application/json'",
    asked: 'text/plain',
    available: ['application/json'],
  },
  'uneven-columns': {
    detail: 'columns have lengths 2 and 1; give each column one value for each instruction',
    lengths: { a: 2, b: 1 },
  },
  'no-adequate-worker': {
    detail: 'row 1: no worker kind takes this instruction; of sleeper: "sleeping_time" is missing; GET /v1/kinds shows what each takes',
    row: 1,
    kinds: { sleeper: { sleeping_time: 'is missing' } },
  },
  'ambiguous-worker': {
    detail: 'row 1: the kinds left, right suit it equally well; give an attribute that only one of them takes',
    row: 1,
    kinds: ['left', 'right'],
  },
  'unknown-attribute-token': {
    detail: 'row 1: "program" cannot be expanded. there is no "tool"; give what it names, or change the text',
    row: 1,
    attribute: 'program',
    token: '[tool]',
    kinds: {},
  },
  'never-fits': {
    detail: 'row 1: it wants 8000 MiB of memory, and max_memory is 4000 MiB',
    row: 1,
    asked: { cores: 1, memory: 8000 },
    available: { memory: 4000 },
  },
  'missing-array': {
    detail: 'row 1: attribute "array" needs an array "shared_sum", and the Boss has none; PUT …/arrays/shared_sum before the instructions',
    row: 1,
    attribute: 'array',
    array: 'shared_sum',
    available: [],
  },
  invalid: {
    detail: 'the query has no field limt; there is limit, after',
    unknown: ['limt'],
    available: ['limit', 'after'],
  },
  'upgrade-required': {
    detail: 'events come over a WebSocket; connect with a WebSocket client to this address (ws://…)',
  },
  'headers-too-large': {
    detail: 'the address and the headers of a request have room in 16 KiB together; write less',
    max_bytes: 16_384,
  },
  internal: { detail: 'an error inside taylord; its log tells more under this request id', request: 'req-3f' },
  draining: { detail: 'the daemon is going down and takes no new work; send it again when it is back' },
  'not-ready': { detail: 'the store refuses: disk full', reasons: ['the store refuses: disk full'] },
  'store-refuses': {
    detail: 'the store takes nothing now (disk full); nothing of this request was kept. Make room on the disk and send it again',
    reason: 'disk full',
  },
}
