import type { PlanDefect } from '@anju/contract/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { plans } from '../api/calls.ts'
import { useLink, useSeat } from '../console/seat.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { dayTime } from '../time/format.ts'
import styles from './plan-defects.module.css'

const key = ['plan-defects']
const titleId = 'defects-title'

/** Plans that somebody had to leave: what the supervisor mends, and says how. */
export function PlanDefects() {
  const t = useText()
  const link = useLink()
  const defects = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => plans.defects(signal),
    refetchInterval: 60_000,
    enabled: link !== 'lost',
  })
  return (
    <section className={styles['defects']} aria-labelledby={titleId} data-defects>
      <h2 id={titleId} tabIndex={-1}>
        {t('defects.title')}
      </h2>
      {defects.isError && <p role="alert">{sentenceOf(t, defects.error)}</p>}
      {defects.data?.length === 0 && <p className={styles['soft']}>{t('defects.none')}</p>}
      <ul>
        {(defects.data ?? []).map((defect) => (
          <Defect key={defect.id} of={defect} />
        ))}
      </ul>
    </section>
  )
}

function Defect({ of }: { readonly of: PlanDefect }) {
  const t = useText()
  const words = useWords()
  const seat = useSeat()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const [saving, setSaving] = useState(false)

  async function settle(event: FormEvent) {
    event.preventDefault()
    if (note.trim() === '' || saving) return
    setSaving(true)
    try {
      await plans.settle(of.id, note.trim())
      // Its line is about to go: the focus goes to the list's name instead of nowhere.
      document.getElementById(titleId)?.focus()
    } catch (error) {
      seat.messages.say((say) => sentenceOf(say, error), 'problem')
    } finally {
      setSaving(false)
      void queries.invalidateQueries({ queryKey: key })
    }
  }

  return (
    <li data-defect={of.id}>
      <p>
        <b>{words('event', of.type)}</b> · {of.homeName} · {words('plan-source', of.source)}
        {of.planVersion !== null && <> {t('plan.version', { version: of.planVersion })}</>}
      </p>
      <p>{of.reason}</p>
      <p className={styles['soft']}>
        {dayTime(of.at)} · {of.by}
      </p>
      <form className={styles['settle']} onSubmit={(event) => void settle(event)}>
        <input
          aria-label={t('defects.note', { home: of.homeName })}
          placeholder={t('defects.note-hint')}
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <button type="submit" className={styles['button']} aria-disabled={note.trim() === '' || saving}>
          {t('defects.settle')}
        </button>
      </form>
    </li>
  )
}
