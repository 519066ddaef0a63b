import { useEffect } from 'react'
import { Pick } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import styles from './handover.module.css'
import type { Colleagues } from './use-colleagues.ts'

interface Props {
  readonly colleagues: Colleagues
  readonly to: string
  readonly label: string
  readonly first?: boolean
  readonly onPick: (personId: string) => void
}

/** Who is to take it on, of those who are there; or that nobody is. */
export function ColleaguePick({ colleagues: { there, error }, to, label, first = false, onPick }: Props) {
  const t = useText()
  const known = there !== undefined && there.length > 0
  // The dialog was there before its list: the focus had nowhere else to go. A word that is being typed is not taken away from.
  useEffect(() => {
    if (!first || !known || document.activeElement instanceof HTMLTextAreaElement) return
    document.querySelector<HTMLElement>('[role=dialog] [data-field=hand-to]')?.focus()
  }, [first, known])
  if (there === undefined)
    return error === null ? (
      <output className={styles['soft']}>{t('handover.looking')}</output>
    ) : (
      <p className={styles['problem']} role="alert">
        {sentenceOf(t, error)}
      </p>
    )
  if (there.length === 0) return <p className={styles['soft']}>{t('handover.nobody-there')}</p>
  return (
    <Pick label={label} value={to} field="hand-to" first={first} onPick={onPick}>
      <option value="">{t('handover.choose')}</option>
      {there.map(({ personId, name, seats, holds }) => (
        <option key={personId} value={personId}>
          {t('handover.colleague', { name: [name, ...seats.map((seat) => seat.name)].join(' · '), count: holds })}
        </option>
      ))}
    </Pick>
  )
}

/** Who was picked, as long as they are there. */
export const pickedOf = ({ there }: Colleagues, personId: string): string =>
  there?.some((one) => one.personId === personId) ? personId : ''
