/** Lines of a text that comes in pieces, without their newlines; read as fast as they are taken. @param newline what each ends with. */
export async function* linesOf(input: AsyncIterable<Uint8Array>, newline = '\n'): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(newline)
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}

const chunkChars = 64 * 1024

/** Rows as NDJSON, in pieces of about 64 KiB. */
export async function* ndjsonOf(rows: AsyncIterable<object> | Iterable<object>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const row of rows) {
    text += `${JSON.stringify(row)}\n`
    if (text.length < chunkChars) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}
