import type { Alarm, Home, Person } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { alarms, homes } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { TopBar } from '../frame/top-bar.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { needsPerson } from '../sound/sounding.ts'
import { hourMinute } from '../time/format.ts'
import styles from './family-page.module.css'

interface Props {
  readonly me: Person
  readonly onLeave: () => void
  readonly onDoubt: () => void
}

const everyMs = 5_000

/** One answer to one question: is she all right, and if not, who is seeing to it. No rooms, no routine. */
export function FamilyPage({ me, onLeave, onDoubt }: Props) {
  const t = useText()
  const read = useQuery({
    queryKey: ['family', me.session],
    queryFn: async () => {
      const [own, open] = await Promise.all([homes.list(), alarms.open()])
      return { homes: own, alarms: open.filter(needsPerson) }
    },
    refetchInterval: everyMs,
  })
  useEffect(() => {
    document.title = t('family.title')
    if (read.error instanceof Refusal && read.error.status === 401) onDoubt()
  }, [t, read.error, onDoubt])
  return (
    <>
      <TopBar me={me} onLeave={onLeave} />
      <main className={styles['page']}>
        {read.isPending && <Waiting text={t('frame.loading')} />}
        {read.isError && (
          <p className={styles['unknown']} role="alert">
            {t('family.unknown')} {sentenceOf(t, read.error)}
          </p>
        )}
        {read.data && !read.isError && read.data.homes.length === 0 && <p>{t('family.no-home')}</p>}
        {!read.isError &&
          read.data?.homes.map((home) => (
            <HomeCard
              key={home.id}
              home={home}
              alarm={read.data.alarms.find(({ homeId }) => homeId === home.id)}
              asOf={read.dataUpdatedAt}
              t={t}
            />
          ))}
      </main>
    </>
  )
}

interface CardProps {
  readonly home: Home
  readonly alarm: Alarm | undefined
  readonly asOf: number
  readonly t: Text
}

function HomeCard({ home, alarm, asOf, t }: CardProps) {
  return (
    <section className={styles['card']} data-family={alarm ? 'alarm' : 'quiet'} aria-live="polite">
      <h2>{home.name}</h2>
      <p className={styles['answer']}>{t(alarm ? 'family.alarm' : 'family.quiet')}</p>
      {alarm && (
        <p>
          {alarm.owner ? t('family.handled-by', { owner: alarm.owner.name }) : t('family.waiting')}{' '}
          {t('family.since', { at: hourMinute(alarm.receivedAt, home.timeZone) })}
        </p>
      )}
      <p className={styles['as-of']}>{t('family.as-of', { at: hourMinute(asOf, home.timeZone) })}</p>
    </section>
  )
}
