import { Button } from '@mantine/core'
import { useState } from 'react'
import banners from '../console/banners.module.css'
import { isOfferedTo } from '../console/offers-made.ts'
import { nameOf, useLive, useSeat, useSecond } from '../console/seat.tsx'
import { useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { Key } from '../incident/incident-actions.tsx'
import { inReadingOrder, sectionsOf } from '../queue/queue-order.ts'
import { needsPerson } from '../sound/sounding.ts'
import { span } from '../time/format.ts'
import styles from './handover.module.css'

interface Props {
  /** The shift has begun: before that nothing is taken on. */
  readonly working: boolean
  /** It was taken on: it is what to look at now. */
  readonly onTaken: (id: string) => void
}

/** What a colleague wants whoever sits here to take on: the gravest one, a key away; how many more there are. */
export function OfferBanner({ working, onTaken }: Props) {
  const t = useText()
  const words = useWords()
  const { me } = useSeat()
  const { alarms, link } = useLive()
  const commands = useCommands()
  const now = useSecond()
  const [asking, setAsking] = useState(false)
  const offered = inReadingOrder(
    sectionsOf([...alarms.values()].map(({ alarm }) => alarm).filter((alarm) => isOfferedTo(alarm, me.personId, now))),
  )
  const [alarm, ...others] = offered
  if (!alarm?.offer) return null
  const { by, note, until } = alarm.offer
  const disabled = asking || link === 'lost' || !working

  async function answer(act: () => Promise<boolean>): Promise<boolean> {
    setAsking(true)
    const done = await act()
    setAsking(false)
    return done
  }
  async function accept(id: string) {
    if (alarm && (await answer(() => commands.claim(alarm)))) onTaken(id)
  }

  return (
    <div
      className={banners['banner']}
      role={needsPerson(alarm) ? 'alert' : 'status'}
      data-banner="offer"
      data-offer-of={alarm.id}
    >
      <span>
        <b>{t('offer.to-you', { by: by.name, name: nameOf(alarm), type: words('event', alarm.type) })}</b>
      </span>
      {/* Counted by the second and read aloud by nobody. */}
      <span className="numerals" aria-hidden="true">
        {span(Math.max(0, Date.parse(until) - now))}
      </span>
      {note !== null && <span className={styles['heard']}>{note}</span>}
      <Button
        size="compact-sm"
        data-action="accept-offer"
        disabled={disabled}
        loading={asking}
        onClick={() => void accept(alarm.id)}
      >
        {t('offer.accept')} <Key of="y" />
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        data-action="decline-offer"
        disabled={disabled}
        onClick={() => void answer(() => commands.declineOffer(alarm))}
      >
        {t('offer.decline')}
      </Button>
      {others.length > 0 && <span>{t('offer.others', { count: others.length })}</span>}
    </div>
  )
}
