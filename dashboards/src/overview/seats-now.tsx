import type { Alarm, AtConsole } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { consoles } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useSeats } from '../shift/seat-choice.tsx'
import { sinceReceived } from '../time/alarm-age.ts'
import { span } from '../time/format.ts'
import styles from './overview.module.css'

/** People come and go. */
const lookEveryMs = 10_000

interface Props {
  readonly alarms: readonly Alarm[]
  /** The server's time. */
  readonly now: number
}

/** Who sits where at this moment, how much they have in hand, and at which seats nobody is. */
export function SeatsNow({ alarms, now }: Props) {
  const t = useText()
  const seats = useSeats()
  const there = useQuery({
    queryKey: ['consoles'],
    queryFn: ({ signal }) => consoles.there(signal),
    refetchInterval: lookEveryMs,
    staleTime: 0,
  })
  const error = seats.error ?? there.error
  const nowhere = there.data?.filter((one) => one.seats.length === 0) ?? []
  return (
    <section className={styles['block']} aria-labelledby="seats-now-title" data-overview="seats">
      <h2 id="seats-now-title">{t('seats-now.title')}</h2>
      {error && <p className={styles['problem']}>{sentenceOf(t, error)}</p>}
      {(seats.isPending || there.isPending) && <output className={styles['soft']}>{t('seat.loading')}</output>}
      {seats.data?.length === 0 && <p className={styles['soft']}>{t('seats-now.none')}</p>}
      {seats.data && there.data && (
        <ul className={styles['list']}>
          {seats.data.map(({ id, name }) => (
            <At
              key={id}
              id={id}
              name={name}
              people={there.data.filter((one) => one.seats.some((seat) => seat.id === id))}
              alarms={alarms}
              now={now}
            />
          ))}
          {nowhere.length > 0 && <At id="" name={t('seat.none')} people={nowhere} alarms={alarms} now={now} />}
        </ul>
      )}
    </section>
  )
}

interface AtProps extends Props {
  readonly id: string
  readonly name: string
  readonly people: readonly AtConsole[]
}

function At({ id, name, people, alarms, now }: AtProps) {
  const t = useText()
  return (
    <li data-seat-now={id} data-people={people.length}>
      <b className={styles['what']}>{name}</b>
      {people.length === 0 && <span className={styles['soft']}>{t('seats-now.nobody')}</span>}
      {people.map((one) => {
        const held = alarms.filter(({ owner, handling }) => owner?.personId === one.personId && handling !== 'closed')
        return (
          <span key={one.personId} data-at={one.personId}>
            {one.name}{' '}
            <span className={styles['soft']}>
              {t('seats-now.holds', { count: held.length })}
              {held.length > 0 && (
                <>
                  {' · '}
                  {t('seats-now.oldest')}{' '}
                  <b className="numerals">{span(Math.max(...held.map((alarm) => sinceReceived(alarm, now))))}</b>
                </>
              )}
            </span>
          </span>
        )
      })}
    </li>
  )
}
