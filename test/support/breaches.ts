// Every answer that a client of these tests gets of the daemon is held against the contract, once a process: files of tests share one.
const breaches: string[] = []
const strangers = new Set<string>()

/** Notes a breach, for clients of tests that use no fetch. */
export function noteBreach(error: unknown): void {
  breaches.push(error instanceof Error ? error.message : String(error))
}

/** Says that what listens there is no daemon of ours and is not held against its contract. @param url that begins with its address. */
export const stranger = (url: string): void => void strangers.add(new URL(url).host)

const realFetch = globalThis.fetch
globalThis.fetch = async (input, init) => {
  const response = await realFetch(input, init)
  const { host, hostname, pathname } = new URL(input instanceof Request ? input.url : input)
  if (hostname !== '127.0.0.1' || strangers.has(host)) return response
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET')
  const { status, statusText, headers, url } = response
  try {
    // read when it is first needed: not every file of tests needs it
    const { assertHead, Breach } = await import('./contract.js')
    const head = { method, path: pathname, status, headers }
    const check = assertHead(head)
    if (!check || !response.body) return response
    const fails = (wrong: string | undefined, text: string) => {
      if (wrong) throw new Breach(head, `${wrong}; it is ${text.slice(0, 300)}`)
    }
    const observed = response.body.pipeThrough(
      check.line ? byLine((text) => fails(check.line?.(text), text)) : asWhole((text) => fails(check.json?.(JSON.parse(text)), text)),
    )
    return Object.defineProperty(new Response(observed, { status, statusText, headers }), 'url', { value: url })
  } catch (error) {
    noteBreach(error)
    throw error
  }
}

/** Looks at a body once it has been read to its end, at the pace at which it is read. */
function asWhole(look: (text: string) => void): TransformStream<Uint8Array, Uint8Array> {
  const pieces: Uint8Array[] = []
  return new TransformStream({
    transform(chunk, controller) {
      pieces.push(chunk)
      controller.enqueue(chunk)
    },
    flush: () => noting(() => look(Buffer.concat(pieces).toString())),
  })
}

function byLine(look: (line: string) => void): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  let rest = ''
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      noting(() => lines.filter(Boolean).forEach(look))
      controller.enqueue(chunk)
    },
    flush: () => noting(() => rest && look(rest)),
  })
}

function noting(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    noteBreach(error)
    throw error
  }
}

/** What was broken since it was asked last. */
export const newBreaches = (): string[] => breaches.splice(0)

/** Whatever listens there from now on is held against the contract: another daemon may have the port. */
export const forgetStrangers = (): void => strangers.clear()
