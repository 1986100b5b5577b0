import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A client, or a floor, in a process of its own. */
export class Client {
  private readonly child: ChildProcess
  /** Its first word. */
  said: unknown

  private constructor(script: string, args: readonly string[]) {
    this.child = fork(fileURLToPath(new URL(script, import.meta.url)), args)
  }

  /** Starts a script, named from this folder, and waits for its first word. */
  static async start(script: string, ...args: readonly string[]): Promise<Client> {
    const client = new Client(script, args)
    client.said = await client.next()
    return client
  }

  /** Says something and waits for the answer. */
  async ask<T>(what: string): Promise<T> {
    const answer = this.next()
    this.child.send(what)
    return (await answer) as T
  }

  end(): void {
    this.child.kill()
  }

  private async next(): Promise<unknown> {
    const ended = new AbortController()
    const failed = once(this.child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`a client ended with ${String(code)}`)
    })
    failed.catch(() => {}) // aborted below
    try {
      return (await Promise.race([once(this.child, 'message'), failed]))[0] as unknown
    } finally {
      ended.abort()
    }
  }
}
