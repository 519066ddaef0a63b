import type { AnswerView } from '@anju/contract/api'
import { useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './answer-page.module.css'
import type { Answering } from './use-answer.ts'

const etaUsual = 15
const etas = [5, etaUsual, 30, 60] as const

interface Props {
  readonly view: AnswerView
  readonly answering: Answering
}

/** Two buttons that cannot be missed, and how long it will take. Who has answered can think again. */
export function GoingChoice({ view: { state, etaMinutes }, answering: { give, sending } }: Props) {
  const t = useText()
  const [eta, setEta] = useState<number>(etaMinutes ?? etaUsual)
  const answered = state !== 'asked'
  return (
    <section className={styles['choice']}>
      {answered && <h2>{t('answer.changed-mind')}</h2>}
      <fieldset className={styles['etas']}>
        <legend>{t('answer.eta')}</legend>
        {etas.map((count) => (
          <button key={count} type="button" data-eta={count} aria-pressed={count === eta} onClick={() => setEta(count)}>
            {t('answer.minutes', { count })}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        data-action="going"
        className={styles['going']}
        disabled={sending}
        onClick={() => give({ answer: 'going', etaMinutes: eta })}
      >
        {t(
          state === 'accepted' ? 'answer.change-eta' : state === 'declined' ? 'answer.going-after-all' : 'answer.going',
        )}
      </button>
      {state !== 'declined' && (
        <button
          type="button"
          data-action="cannot"
          className={styles['cannot']}
          disabled={sending}
          onClick={() => give({ answer: 'cannot' })}
        >
          {t(state === 'accepted' ? 'answer.cannot-after-all' : 'answer.cannot')}
        </button>
      )}
    </section>
  )
}
