import { Button } from '@mantine/core'
import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { fileBytesMax } from '../api/import-calls.ts'
import { Refusal } from '../api/request.ts'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { ImportFindings } from './import-findings.tsx'
import styles from './staff.module.css'
import { type ImportState, useHouseholdImport } from './use-household-import.ts'

const titleId = 'import-title'
const mib = 1024 * 1024

/**
 * A centre's list of households, from its spreadsheet. It is read without writing anything first: what is wrong with which row is
 * seen before the rows that are well are taken in.
 */
export function HouseholdImport() {
  const t = useText()
  const { state, run } = useHouseholdImport()
  const [chosen, setChosen] = useState<File | null>(state.is === 'idle' ? null : state.file)
  const running = state.is === 'running'
  const tooLarge = chosen !== null && chosen.size > fileBytesMax
  const can = chosen !== null && !tooLarge && !running
  // What is known of another file says nothing about this one.
  const known = state.is !== 'idle' && state.file === chosen ? state : null
  const tried = known?.is === 'done' && known.report.dryRun ? known.report : null
  // While it is done its button stays, and the focus with it.
  const toTake = tried ? tried.created + tried.changed : running && !state.dryRun ? state.homes : 0
  const title = useRef<HTMLHeadingElement>(null)
  const hadButton = useRef(false)
  useEffect(() => {
    // It is gone with what it was for: the focus goes to what this is instead of nowhere.
    if (hadButton.current && toTake === 0 && document.activeElement === document.body) title.current?.focus()
    hadButton.current = toTake > 0
  }, [toTake])

  return (
    <section aria-labelledby={titleId} data-import={known?.is ?? 'idle'}>
      <header className={styles['head']}>
        <h3 id={titleId} ref={title} tabIndex={-1}>
          {t('import.title')}
        </h3>
      </header>
      <p className={styles['soft']}>{t('import.how')}</p>
      <div className={styles['choose']}>
        <label htmlFor="import-file">{t('import.file')}</label>
        <input
          id="import-file"
          type="file"
          accept=".csv,text/csv"
          disabled={running}
          onChange={(event: ChangeEvent<HTMLInputElement>) => setChosen(event.currentTarget.files?.[0] ?? null)}
        />
        {chosen && <output data-chosen>{t('import.chosen', { name: chosen.name, kib: kibOf(chosen.size) })}</output>}
      </div>
      {tooLarge && (
        <p className={styles['problem']} role="alert">
          {t('import.too-large', { mib: fileBytesMax / mib })}
        </p>
      )}
      <div className={styles['acts']}>
        <Button
          variant={tried ? 'default' : 'filled'}
          data-action="dry-run"
          aria-disabled={!can}
          onClick={() => can && run({ file: chosen, dryRun: true, homes: 0 })}
        >
          {t('import.dry-run')}
        </Button>
        {toTake > 0 && chosen && (
          <Button
            data-action="take-in"
            aria-disabled={!can}
            onClick={() => can && run({ file: chosen, dryRun: false, homes: toTake })}
          >
            {t('import.take-in', { count: toTake })}
          </Button>
        )}
      </div>
      {state.is === 'running' && <Progress of={state} />}
      {known?.is === 'failed' && (
        <p className={styles['problem']} role="alert">
          {sentenceOfImport(t, known.error)}
        </p>
      )}
      {known?.is === 'done' && <ImportFindings report={known.report} />}
    </section>
  )
}

const kibOf = (bytes: number): number => Math.max(1, Math.round(bytes / 1024))

function Progress({ of: { file, sentBytes, dryRun } }: { readonly of: ImportState & { readonly is: 'running' } }) {
  const t = useText()
  const percent = file.size === 0 ? 0 : Math.min(100, Math.floor((sentBytes / file.size) * 100))
  return (
    <div className={styles['progress']}>
      <progress max={100} value={percent} aria-label={t('import.progress')} />
      <span>{t(dryRun ? 'import.reading' : 'import.taking', { percent })}</span>
    </div>
  )
}

/** What keeps a whole file out. That a heading is not known is in the server's words: they name the heading. */
function sentenceOfImport(t: Text, error: unknown): string {
  if (!(error instanceof Refusal)) return sentenceOf(t, error)
  switch (error.code) {
    case 'request-malformed':
      return t('import.refused', { detail: error.detail })
    case 'message-oversized':
      return t('import.too-large', { mib: fileBytesMax / mib })
    case 'too-many-requests':
      return t('import.busy')
    case 'unreachable':
      return t('import.broken')
    default:
      return sentenceOf(t, error)
  }
}
