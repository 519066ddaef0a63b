import type { AnswerView } from '@anju/contract/api'
import { useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './answer-page.module.css'
import type { Answering } from './use-answer.ts'

const etaUsual = 15
const etas = [5, etaUsual, 30, 60] as const

interface Props {
  readonly view: Pick<AnswerView, 'state' | 'etaMinutes'>
  readonly answering: Pick<Answering, 'give' | 'sending'>
}

/**
 * Two buttons that cannot be missed, and how long it will take. Who has answered can think again. While an answer is on its way
 * they say that they wait and are not switched off: that would take the focus from whoever works by keys.
 */
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
        aria-disabled={sending}
        onClick={() => !sending && give({ answer: 'going', etaMinutes: eta })}
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
          aria-disabled={sending}
          onClick={() => !sending && give({ answer: 'cannot' })}
        >
          {t(state === 'accepted' ? 'answer.cannot-after-all' : 'answer.cannot')}
        </button>
      )}
    </section>
  )
}
