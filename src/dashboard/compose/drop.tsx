import { useState } from 'preact/hooks'
import { sentenceOf } from '../frame/session.js'
import { Fault } from '../parts/states.js'
import { bytes, count } from '../parts/text.js'
import { rowsOf } from './file.js'
import type { Kind, Row } from './values.js'

/** A file that was dropped, and its rows. */
export interface Dropped {
  readonly name: string
  readonly rows: readonly Row[]
}

/** One call takes as many bytes of JSON. */
const mostBytes = 60 * 1024 * 1024

/** Takes a file of rows, dropped or chosen. */
export function Drop({
  kinds,
  kind,
  file,
  taken,
}: {
  readonly kinds: readonly Kind[]
  readonly kind: string
  readonly file: Dropped | undefined
  readonly taken: (file: Dropped | undefined) => void
}) {
  const [why, setWhy] = useState('')
  const [isOver, setOver] = useState(false)
  const take = async (given: File | undefined) => {
    setOver(false)
    if (!given) return
    try {
      if (given.size > mostBytes) throw new Error(`it has ${bytes(given.size)}; taylord append takes files of any length`)
      taken({ name: given.name, rows: rowsOf(await given.text(), kinds, kind) })
      setWhy('')
    } catch (error) {
      taken(undefined)
      setWhy(`${given.name}: ${sentenceOf(error)}`)
    }
  }
  const hover = (event: DragEvent, is: boolean) => {
    event.preventDefault()
    setOver(is)
  }
  return (
    <>
      <label
        class={`drop${isOver ? ' is-over' : ''}`}
        onDragOver={(event) => hover(event, true)}
        onDragLeave={(event) => hover(event, false)}
        onDrop={(event) => {
          event.preventDefault()
          void take(event.dataTransfer?.files[0])
        }}
      >
        <span>
          {file ? (
            <>
              <b>{file.name}</b>: {count(file.rows.length)} rows; what is written above holds for each that does not say otherwise
            </>
          ) : (
            'For many: drop a file of rows here, CSV, JSON or NDJSON, or choose one'
          )}
        </span>
        <input
          type="file"
          accept=".csv,.tsv,.json,.ndjson,.jsonl"
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0])
            currentTarget.value = '' // the same one may be chosen again, changed
          }}
        />
      </label>
      {file && (
        <button type="button" onClick={() => taken(undefined)}>
          Without the file
        </button>
      )}
      {why !== '' && <Fault text={why} />}
    </>
  )
}
