import { useState } from 'preact/hooks'
import { bodyOf, type Boss, type Client, type Report } from '../../client/client.js'
import { act } from '../frame/notices.js'
import { csvOf, heading } from './csv.js'
import { nameOf } from './signals.js'
import { bytes } from './text.js'

/** Entries that are asked for at once. */
const pageEntries = 10_000

/** The report of a Boss as a file: a token stays in the header, so it is no mere link. */
export function Downloads({ boss }: { readonly boss: Boss }) {
  const [isBusy, setBusy] = useState(false)
  const save = async (type: keyof typeof makers) => {
    setBusy(true)
    await act(
      async (client) => {
        const blob = await makers[type](client, String(boss.id))
        const link = document.createElement('a')
        link.href = URL.createObjectURL(blob)
        link.download = `${nameOf(boss).replaceAll(' ', '-')}-report.${type}`
        link.click()
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
        return blob
      },
      ({ size }) => `The report is a file of ${bytes(size)}.`,
    )
    setBusy(false)
  }
  return (
    <span class="buttons">
      <button type="button" disabled={isBusy} onClick={() => void save('csv')}>
        CSV
      </button>
      <button type="button" disabled={isBusy} onClick={() => void save('ndjson')}>
        NDJSON
      </button>
    </span>
  )
}

const makers = { csv: asCsv, ndjson: asNdjson }

function asNdjson({ api }: Client, boss: string): Promise<Blob> {
  const asked = { params: { path: { boss } }, headers: { accept: 'application/x-ndjson' }, parseAs: 'blob' } as const
  return bodyOf(api.GET('/v1/bosses/{boss}/report', asked)) as Promise<Blob>
}

async function asCsv({ api }: Client, boss: string): Promise<Blob> {
  const parts = [heading]
  for (let after: number | undefined = 0; after !== undefined; ) {
    const params = { path: { boss }, query: { after, limit: pageEntries } }
    const page = (await bodyOf(api.GET('/v1/bosses/{boss}/report', { params }))) as Report
    parts.push(csvOf(page.workers_report))
    after = page.next
  }
  return new Blob(parts, { type: 'text/csv' })
}
