import { useEffect, useRef, useState } from 'preact/hooks'
import { bodyOf } from '../../client/client.js'
import { ask, sentenceOf } from '../frame/session.js'
import { Ansi } from './ansi.js'

/** Pieces that stay on the page; the oldest go. A file has all of it. */
const mostPieces = 4_000
const drawMs = 100
const streams = ['stdout', 'stderr'] as const

/** What an instruction wrote, and goes on with what it writes. @param attempts its numbers; the newest first. */
export function Log({
  boss,
  id,
  attempts,
  isOver,
  hasFailed,
}: {
  readonly boss: string
  readonly id: number
  readonly attempts: number
  readonly isOver: boolean
  readonly hasFailed: boolean
}) {
  const [stream, setStream] = useState<(typeof streams)[number]>(hasFailed ? 'stderr' : 'stdout')
  const [attempt, setAttempt] = useState(attempts)
  const [said, setSaid] = useState('')
  const box = useRef<HTMLPreElement>(null)
  useEffect(() => setAttempt(attempts), [attempts])
  useEffect(() => {
    const gone = new AbortController()
    const pre = box.current
    if (!pre) return
    pre.replaceChildren()
    void read(pre, { boss, id, stream, attempt, follow: !isOver }, setSaid, gone.signal)
    return () => gone.abort()
  }, [boss, id, stream, attempt, isOver])
  return (
    <>
      <h2>Log</h2>
      <div class="tools">
        <span class="buttons" role="group" aria-label="Stream">
          {streams.map((one) => (
            <button key={one} type="button" aria-pressed={stream === one} onClick={() => setStream(one)}>
              {one}
            </button>
          ))}
        </span>
        {attempts > 1 && (
          <label>
            attempt{' '}
            <select value={attempt} onChange={({ currentTarget }) => setAttempt(Number(currentTarget.value))}>
              {Array.from({ length: attempts }, (_, at) => (
                <option key={at}>{at + 1}</option>
              ))}
            </select>
          </label>
        )}
        <span class="faint" role="status">
          {said}
        </span>
      </div>
      <pre class="log" role="group" ref={box} tabIndex={0} aria-label={`What it wrote to ${stream}`} />
    </>
  )
}

interface Which {
  readonly boss: string
  readonly id: number
  readonly stream: 'stdout' | 'stderr'
  readonly attempt: number
  readonly follow: boolean
}

/** Writes what comes into the box, ten times a second at most, and stays at its end when somebody looks there. */
async function read(box: HTMLElement, { boss, id, ...query }: Which, say: (text: string) => void, signal: AbortSignal): Promise<void> {
  const ansi = new Ansi()
  const decoder = new TextDecoder()
  let waiting = ''
  let wasCut = false
  let n = 0
  const draw = () => {
    if (waiting === '') return
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40
    box.append(...ansi.elementsOf(waiting))
    waiting = ''
    while (box.childNodes.length > mostPieces) {
      box.firstChild?.remove()
      wasCut = true
    }
    if (isAtEnd) box.scrollTop = box.scrollHeight
  }
  const timer = setInterval(draw, drawMs)
  try {
    say(query.follow ? 'goes on' : '')
    const stream = await ask(({ api }) =>
      bodyOf(api.GET('/v1/bosses/{boss}/instructions/{id}/output', { params: { path: { boss, id }, query }, parseAs: 'stream', signal })),
    )
    const reader = (stream as ReadableStream<Uint8Array>).getReader()
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      n += chunk.value.length
      waiting += decoder.decode(chunk.value, { stream: true })
    }
    draw()
    say(n === 0 ? 'It wrote nothing here.' : wasCut ? 'Only its end is shown.' : '')
  } catch (error) {
    if (!signal.aborted) say(sentenceOf(error))
  } finally {
    clearInterval(timer)
  }
}
