import type { Alarm } from '@anju/contract/api'
import { memo } from 'react'
import bar from '../frame/bar.module.css'
import { LanguageSwitch } from '../frame/language-switch.tsx'
import { Logout } from '../frame/logout.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import type { LiveView } from '../live/live-store.ts'
import { useSeats } from '../shift/seat-choice.tsx'
import { needsPerson } from '../sound/sounding.ts'
import { clockTime, span } from '../time/format.ts'
import { useLink, useLiveFact, useSeat, useSecond, useSitting, useSound } from './seat.tsx'

interface Props {
  readonly shiftStartedAt: number | null
  readonly onClosedList: () => void
  readonly onDialog: (dialog: 'help' | 'seat' | 'account' | 'handover') => void
  readonly onLeave: () => void
}

/** Who sits here, how much waits, and whether the seat can hear and is heard. */
export const ConsoleBar = memo(function ConsoleBar({ shiftStartedAt, onClosedList, onDialog, onLeave }: Props) {
  const t = useText()
  const words = useWords()
  const { me } = useSeat()
  const now = useSecond()
  const link = useLink()
  const people = useLiveFact(({ alarms }) => countOf(alarms, isOpen))
  const unclaimed = useLiveFact(({ alarms }) => countOf(alarms, isUnclaimed))
  const sound = useSound()
  return (
    <header className={bar['bar']}>
      <div className={bar['seat']}>
        <img src="/icon.svg" alt="" width={24} height={24} />
        <h1>{me.centre.name}</h1>
        <span>
          {me.name}
          {/* Most are; a seat's name needs the room. */}
          {me.role !== 'operator' && ` · ${words('role', me.role)}`}
        </span>
        {shiftStartedAt !== null && <SeatButton onOpen={() => onDialog('seat')} />}
        {shiftStartedAt !== null && (
          <span className={`${bar['shift']} numerals`}>{t('bar.shift', { length: span(now - shiftStartedAt) })}</span>
        )}
      </div>
      <div className={bar['state']}>
        <span data-count="p1" data-waiting={unclaimed > 0}>
          P1 <b className="numerals">{people}</b>
          {unclaimed > 0 && <> · {t('bar.unclaimed', { count: unclaimed })}</>}
        </span>
        <span data-link={link} data-well={link === 'live'}>
          {link === 'live' ? t('bar.link-live') : t(link === 'lost' ? 'bar.link-lost' : 'bar.link-connecting')}
        </span>
        <span data-sound={sound.audible ? 'on' : 'off'} data-well={sound.audible}>
          ♪ {t(sound.audible ? 'bar.sound-on' : 'bar.sound-off')}
        </span>
        <time className={bar['clock']}>{clockTime(now)}</time>
      </div>
      <div className={bar['tools']}>
        {shiftStartedAt !== null && (
          <button type="button" className={bar['tool']} data-action="closed-list" onClick={onClosedList}>
            {t('closed.open')} <kbd aria-hidden="true">h</kbd>
          </button>
        )}
        <button type="button" className={bar['tool']} onClick={() => onDialog('help')}>
          {t('bar.help')} <kbd aria-hidden="true">?</kbd>
        </button>
        <LanguageSwitch />
        <button type="button" className={bar['tool']} data-action="account" onClick={() => onDialog('account')}>
          {t('account.mine')}
        </button>
        <Logout onLeave={onLeave} onOwned={() => onDialog('handover')} />
      </div>
    </header>
  )
})

const isOpen = (alarm: Alarm): boolean => alarm.handling !== 'closed' && needsPerson(alarm)
const isUnclaimed = (alarm: Alarm): boolean => alarm.handling === 'new' && needsPerson(alarm)

function countOf(alarms: LiveView['alarms'], counts: (alarm: Alarm) => boolean): number {
  let count = 0
  for (const { alarm } of alarms.values()) if (counts(alarm)) count++
  return count
}

/** Where this console is; where a centre has no seats, nothing. */
function SeatButton({ onOpen }: { readonly onOpen: () => void }) {
  const t = useText()
  const seat = useSitting()
  const { data } = useSeats()
  if (seat === null && (data === undefined || data.length === 0)) return null
  const name = seat?.name ?? t('seat.none')
  return (
    <button
      type="button"
      className={bar['tool']}
      data-action="seat"
      data-seat={seat?.id ?? ''}
      aria-label={t('seat.change', { seat: name })}
      onClick={onOpen}
    >
      {name}
    </button>
  )
}
