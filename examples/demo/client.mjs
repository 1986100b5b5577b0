/** The HTTP and WebSocket interface of a daemon, as far as the demo needs it. */
export class Client {
  /** @param url such as `http://127.0.0.1:8080`. */
  constructor(url) {
    this.url = url
  }

  async get(path) {
    return answerOf(await fetch(this.url + path))
  }

  async post(path, body) {
    return answerOf(
      await fetch(this.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    )
  }

  /** @returns the body as bytes. */
  async getFile(path) {
    return Buffer.from(await (await fetch(this.url + path)).arrayBuffer())
  }

  async putFile(path, body) {
    return answerOf(await fetch(this.url + path, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body }))
  }

  /** Waits until a Boss is over. @returns its report. */
  async reportOf(boss) {
    const response = await fetch(`${this.url}/v1/bosses/${boss}/report?interim=false`, { headers: { prefer: 'wait=3600' } })
    return answerOf(response)
  }

  /**
   * Follows a Boss from its first event on.
   * @param hear called with each event.
   * @returns resolves when the Boss is over; rejects when the daemon goes away before.
   */
  follow(boss, hear) {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/v1/bosses/${boss}/events?since=0`)
    return new Promise((resolve, reject) => {
      socket.onmessage = ({ data }) => JSON.parse(data).forEach(hear)
      // 1000 comes after the event that the Boss is over, and only then
      socket.onclose = ({ code, reason }) =>
        code === 1000 ? resolve() : reject(new Error(`the events of Boss ${boss} broke off: ${code} ${reason}`))
    })
  }
}

async function answerOf(response) {
  const answer = await response.json()
  if (!response.ok) throw new Error(`${response.url}: ${answer.code}: ${answer.detail}`)
  return answer
}
