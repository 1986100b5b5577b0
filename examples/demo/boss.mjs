/**
 * Posts one Boss and follows it until it is over.
 * @param onEvent called with each event as it comes.
 * @returns its report entries, by instruction id from 1 on (so entry n is of row n), and the seconds from the post to its end.
 */
export async function run(address, boss, onEvent) {
  const begun = performance.now()
  const { id } = await post(`${address}/v1/bosses`, boss)
  const entries = []
  await follow(`${address.replace('http', 'ws')}/v1/bosses/${id}/events?since=0`, (event) => {
    if (event.type === 'instruction.reported') entries[event.instruction - 1] = event
    onEvent(event)
  })
  return { id, entries, seconds: (performance.now() - begun) / 1000 }
}

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(`POST ${url}: ${answer.code}: ${answer.detail}`)
  return answer
}

/** One message is a list of events; after `boss.over` the daemon closes with 1000. */
function follow(url, onEvent) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.onmessage = ({ data }) => JSON.parse(data).forEach(onEvent)
    socket.onclose = ({ code }) => (code === 1000 ? resolve() : reject(new Error(`the events broke off (${code})`)))
  })
}
