import bar from '../frame/bar.module.css'
import { LanguageSwitch } from '../frame/language-switch.tsx'
import { Logout } from '../frame/logout.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { useSeats } from '../shift/seat-choice.tsx'
import { needsPerson } from '../sound/sounding.ts'
import { clockTime, span } from '../time/format.ts'
import { useLive, useSeat, useSecond, useSitting, useSound } from './seat.tsx'

interface Props {
  readonly shiftStartedAt: number | null
  readonly onClosedList: () => void
  readonly onHelp: () => void
  readonly onSeat: () => void
  readonly onAccount: () => void
  readonly onLeave: () => void
  readonly onHandOver: () => void
}

/** Who sits here, how much waits, and whether the seat can hear and is heard. */
export function ConsoleBar({ shiftStartedAt, onClosedList, onHelp, onSeat, onAccount, onLeave, onHandOver }: Props) {
  const t = useText()
  const words = useWords()
  const { me } = useSeat()
  const now = useSecond()
  const view = useLive()
  const sound = useSound()
  const open = [...view.alarms.values()].map(({ alarm }) => alarm).filter(({ handling }) => handling !== 'closed')
  const people = open.filter(needsPerson)
  const unclaimed = people.filter(({ handling }) => handling === 'new').length
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
        {shiftStartedAt !== null && <SeatButton onOpen={onSeat} />}
        {shiftStartedAt !== null && (
          <span className={`${bar['shift']} numerals`}>{t('bar.shift', { length: span(now - shiftStartedAt) })}</span>
        )}
      </div>
      <div className={bar['state']}>
        <span data-count="p1" data-waiting={unclaimed > 0}>
          P1 <b className="numerals">{people.length}</b>
          {unclaimed > 0 && <> · {t('bar.unclaimed', { count: unclaimed })}</>}
        </span>
        <span data-link={view.link} data-well={view.link === 'live'}>
          {view.link === 'live'
            ? t('bar.link-live')
            : t(view.link === 'lost' ? 'bar.link-lost' : 'bar.link-connecting')}
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
        <button type="button" className={bar['tool']} onClick={onHelp}>
          {t('bar.help')} <kbd aria-hidden="true">?</kbd>
        </button>
        <LanguageSwitch />
        <button type="button" className={bar['tool']} data-action="account" onClick={onAccount}>
          {t('account.mine')}
        </button>
        <Logout onLeave={onLeave} onOwned={onHandOver} />
      </div>
    </header>
  )
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
