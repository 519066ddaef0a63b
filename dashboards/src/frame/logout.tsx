import { useState } from 'react'
import { session } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import bar from './bar.module.css'

interface Props {
  readonly onLeave: () => void
  /** Leaving was refused because of alarms in hand: where they can be handed over. */
  readonly onOwned?: () => void
}

/** Leaving with alarms in hand is refused, and the refusal says what to do instead. */
export function Logout({ onLeave, onOwned }: Props) {
  const t = useText()
  const [problem, setProblem] = useState('')
  async function leave() {
    try {
      await session.end()
      onLeave()
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) onLeave()
      else if (error instanceof Refusal && error.code === 'owns-alarms' && onOwned) onOwned()
      else setProblem(sentenceOf(t, error))
    }
  }
  return (
    <>
      <button type="button" className={bar['tool']} data-action="logout" onClick={() => void leave()}>
        {t('bar.logout')}
      </button>
      {problem !== '' && (
        <p className={bar['problem']} role="alert">
          {problem}{' '}
          <button type="button" className={bar['tool']} onClick={() => setProblem('')}>
            {t('dialog.understood')}
          </button>
        </p>
      )}
    </>
  )
}
