/** All notes of this browser: how many, how much room they take, out as a file, in from a file. */
import { useEffect, useState } from 'preact/hooks'
import { NotAnnotations } from '../formats/w3c_import'
import type { Problem } from '../model'
import { counted, locale, t } from '../ui/strings'
import { useAnswer } from '../ui/use_answer'
import { fileOf, save, takeIn, type Format, type Taken } from './everything'
import { Trouble } from './trouble'

export function AllNotes() {
  const { value: count } = useAnswer('everything:count', {}, ({ type }) => {
    return type === 'notes:changed'
  })
  const used = useStorage(count?.notes)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const [taken, setTaken] = useState<Taken | null>(null)
  const [done, setDone] = useState(0)

  const take = async (format: Format) => {
    const answer = await fileOf(format)
    if ('ok' in answer) save(answer.ok)
    setProblem('problem' in answer ? answer.problem : null)
  }
  const read = async (file: File) => {
    setBusy(true)
    setTaken(null)
    setProblem(null)
    setDone(0)
    try {
      const result = await takeIn(file, setDone)
      setTaken(result)
      setProblem(result.problem)
    } catch (error) {
      if (!(error instanceof NotAnnotations)) throw error
      setProblem({ type: 'not-annotations', detail: t('optionsNotAnnotations', file.name) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="card" aria-labelledby="notes">
      <h2 id="notes">{t('optionsNotes')}</h2>
      {count && (
        <p>
          {counted('optionsNotesHere', count.notes)} {used !== null && t('optionsRoom', used)}
        </p>
      )}
      <h3>{t('optionsExport')}</h3>
      <p class="quiet">{t('optionsExportWhy')}</p>
      <div class="deeds">
        <button type="button" onClick={() => void take('w3c')}>
          {t('optionsExportW3c')}
        </button>
        <button type="button" onClick={() => void take('markdown')}>
          {t('optionsExportMarkdown')}
        </button>
      </div>
      <h3 id="import">{t('optionsImport')}</h3>
      <p class="quiet" id="import-why">
        {t('optionsImportWhy')}
      </p>
      <input
        type="file"
        accept=".jsonld,.json,application/ld+json,application/json"
        aria-labelledby="import"
        aria-describedby="import-why"
        disabled={busy}
        onChange={(event) => {
          const field = event.currentTarget
          const file = field.files?.[0]
          // The same file can be chosen again.
          if (file) void read(file).finally(() => (field.value = ''))
        }}
      />
      {busy && <progress aria-label={t('optionsImport')} value={done} max={1} />}
      <p role="status">{taken && <Told taken={taken} />}</p>
      <Trouble problem={problem} />
    </section>
  )
}

function Told({ taken: { added, known, refused } }: { taken: Taken }) {
  const said = [counted('optionsAdded', added)]
  if (known) said.push(counted('optionsKnown', known))
  if (refused.length) said.push(counted('optionsLeftOut', refused.length))
  return <>{said.join(' ')}</>
}

/** What the database takes up, as the browser reckons it; asked anew when notes come or go. */
function useStorage(notes: number | undefined): string | null {
  const [used, setUsed] = useState<string | null>(null)
  useEffect(() => {
    void navigator.storage.estimate().then(({ usage }) => {
      setUsed(usage === undefined ? null : inBytes(usage))
    })
  }, [notes])
  return used
}

function inBytes(bytes: number): string {
  const [unit, size] = bytes < 1e6 ? ['kilobyte', 1e3] as const : ['megabyte', 1e6] as const
  return new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit,
    maximumFractionDigits: bytes < 1e6 ? 0 : 1,
  }).format(bytes / size)
}
