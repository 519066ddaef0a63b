import type { Alarm } from '@anju/contract/api'
import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { nameOf, sayingOf, useSeat, useSecond } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { span } from '../time/format.ts'
import { ColleaguePick, pickedOf } from './colleague-pick.tsx'
import styles from './handover.module.css'
import type { Colleagues } from './use-colleagues.ts'

interface Props {
  readonly alarm: Alarm
  readonly first: boolean
  readonly note: string
  readonly colleagues: Colleagues
  /** Whom all are to be offered to, unless another was picked for this one. */
  readonly toAll: string
  readonly disabled: boolean
  readonly onNote: (text: string) => void
  readonly onRelease: () => void
}

/** One alarm of whoever leaves: what the next one should know, whom it is offered to, and what came of it. */
export function HandOverItem({ alarm, first, note, colleagues, toAll, disabled, onNote, onRelease }: Props) {
  const t = useText()
  const words = useWords()
  const seat = useSeat()
  const commands = useCommands()
  const now = useSecond()
  const [picked, setPicked] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const name = nameOf(alarm)
  const to = pickedOf(colleagues, picked ?? toAll)
  const outcome = seat.offersMade.outcome(alarm.id)
  const { offer } = alarm

  async function ask(act: () => Promise<boolean>) {
    setAsking(true)
    await act()
    setAsking(false)
  }

  return (
    <li className={styles['alarm']} data-hand-over={alarm.id}>
      <p className={styles['title']}>{`${name} · ${words('event', alarm.type)}`}</p>
      {offer ? (
        <>
          <output className={styles['state']} data-offer="waiting">
            {t('offer.waiting', { to: offer.to.name, left: span(Math.max(0, Date.parse(offer.until) - now)) })}
          </output>
          {offer.note !== null && <p className={styles['said']}>{offer.note}</p>}
        </>
      ) : (
        <>
          {outcome && outcome.is !== 'accepted' && (
            <output className={styles['state']} data-offer={outcome.is}>
              {sayingOf(outcome)(t)}
            </output>
          )}
          <Textarea
            label={t('handover.note')}
            autosize={false}
            rows={3}
            maxLength={2_000}
            value={note}
            data-autofocus={first ? true : undefined}
            onChange={(event) => onNote(event.currentTarget.value)}
          />
          <ColleaguePick colleagues={colleagues} to={to} label={t('handover.to')} onPick={setPicked} />
        </>
      )}
      <div className={styles['acts']}>
        <Button variant="default" data-action="hand-over" disabled={disabled || asking} onClick={onRelease}>
          {t('handover.one', { name })}
        </Button>
        {offer ? (
          <Button
            variant="default"
            data-action="withdraw-offer"
            disabled={disabled}
            loading={asking}
            onClick={() => void ask(() => commands.withdrawOffer(alarm))}
          >
            {t('handover.withdraw', { name })}
          </Button>
        ) : (
          <Button
            data-action="offer"
            disabled={disabled || to === ''}
            loading={asking}
            onClick={() => void ask(() => commands.offer(alarm, to, note.trim()))}
          >
            {t('handover.offer', { name })}
          </Button>
        )}
      </div>
    </li>
  )
}
