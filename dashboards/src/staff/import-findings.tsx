import type { ImportReport } from '@anju/contract/api'
import { useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './import-findings.module.css'

/** So many faults are drawn at once, of the thousands a list may have. */
const rowsAPage = 50

/** What an import did, or would do, and every row it leaves out, by its line and its column. */
export function ImportFindings({ report }: { readonly report: ImportReport }) {
  const t = useText()
  const { dryRun, rows, created, changed, unchanged, bad } = report
  return (
    <div data-report={dryRun ? 'dry-run' : 'taken-in'}>
      <output data-summary>
        {t(dryRun ? 'import.would' : 'import.did', { rows, created, changed, unchanged })}{' '}
        {bad > 0 && <b>{t('import.left-out', { bad })}</b>}
      </output>
      {bad > 0 && <Problems report={report} />}
    </div>
  )
}

function Problems({ report: { problems, problemCount } }: { readonly report: ImportReport }) {
  const t = useText()
  const [page, setPage] = useState(0)
  const pages = Math.max(1, Math.ceil(problems.length / rowsAPage))
  const at = Math.min(page, pages - 1)
  const first = at * rowsAPage
  const shown = problems.slice(first, first + rowsAPage)
  return (
    <>
      {problemCount > problems.length && (
        <p className={styles['soft']}>{t('import.more-problems', { listed: problems.length, count: problemCount })}</p>
      )}
      <table className={styles['problems']}>
        <caption>{t('import.problems', { count: problemCount })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('import.line')}</th>
            <th scope="col">{t('import.column')}</th>
            <th scope="col">{t('import.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ line, column, code, reason }, index) => (
            <tr key={`${first + index}`} data-bad-line={line} data-code={code}>
              <td className="numerals">{line}</td>
              <td>{column === '' ? t('import.whole-row') : column}</td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <nav className={styles['pager']} aria-label={t('import.pages')}>
          <button
            type="button"
            className={styles['button']}
            data-action="page-before"
            aria-disabled={at === 0}
            onClick={() => setPage(Math.max(0, at - 1))}
          >
            {t('import.before')}
          </button>
          <output className="numerals">
            {t('import.page-of', { from: first + 1, to: first + shown.length, count: problems.length })}
          </output>
          <button
            type="button"
            className={styles['button']}
            data-action="page-after"
            aria-disabled={at === pages - 1}
            onClick={() => setPage(Math.min(pages - 1, at + 1))}
          >
            {t('import.after')}
          </button>
        </nav>
      )}
    </>
  )
}
