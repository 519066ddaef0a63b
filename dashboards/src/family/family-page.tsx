import type { Alarm, Home, Person } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { alarms, homes } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { TopBar } from '../frame/top-bar.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { PushCard } from '../push/push-card.tsx'
import { needsPerson } from '../sound/sounding.ts'
import { hourMinute } from '../time/format.ts'
import { AlarmCard } from './alarm-card.tsx'
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
      const [own, open] = await Promise.all([homes.list(), alarms.open().catch(unlessUntold)])
      return { homes: own, alarms: open === null ? [] : open.filter(needsPerson), untold: open === null }
    },
    refetchInterval: everyMs,
  })
  const { followed, forget } = useFollowed(read.data?.alarms)
  useEffect(() => {
    document.title = t('family.title')
    if (read.error instanceof Refusal && read.error.status === 401) onDoubt()
  }, [t, read.error, onDoubt])
  return (
    <>
      <TopBar me={me} onLeave={onLeave} large />
      <main className={styles['page']}>
        {read.isPending && <Waiting text={t('frame.loading')} />}
        {read.isError && (
          <p className={styles['unknown']} role="alert">
            {t('family.unknown')} {sentenceOf(t, read.error)}
          </p>
        )}
        {read.data && !read.isError && read.data.homes.length === 0 && <p>{t('family.no-home')}</p>}
        {read.data?.homes.map((home) => {
          const here = followed.filter(({ homeId }) => homeId === home.id)
          return here.length > 0
            ? here.map(({ id }) => <AlarmCard key={id} id={id} home={home} onUnderstood={() => forget(id)} />)
            : !read.isError && (
                <QuietCard key={home.id} home={home} untold={read.data.untold} asOf={read.dataUpdatedAt} t={t} />
              )
        })}
        {read.data && <PushCard session={me.session} />}
      </main>
    </>
  )
}

interface Followed {
  readonly taken: readonly Alarm[] | undefined
  readonly followed: readonly Alarm[]
}

/** The open ones, and those that were open while this page looked on: that it is over is news, until it has been taken in. */
function useFollowed(open: readonly Alarm[] | undefined) {
  const [{ taken, followed }, set] = useState<Followed>({ taken: undefined, followed: [] })
  // Each list is taken in once: one that was read before the close must not bring back what has been understood since.
  if (open !== taken) {
    const fresh = open?.filter(({ id }) => !followed.some((one) => one.id === id)) ?? []
    set({ taken: open, followed: [...fresh, ...followed] })
  }
  return {
    followed,
    forget: (id: string) => set((before) => ({ ...before, followed: before.followed.filter((one) => one.id !== id) })),
  }
}

/** The resident does not want them to be told of alarms: that is no fault of anything, and is said as what it is. */
function unlessUntold(error: unknown): null {
  if (error instanceof Refusal && error.code === 'consent-missing') return null
  throw error
}

interface CardProps {
  readonly home: Home
  /** Alarms are not told: whether it is quiet is not known here. */
  readonly untold: boolean
  readonly asOf: number
  readonly t: Text
}

function QuietCard({ home, untold, asOf, t }: CardProps) {
  return (
    <section className={styles['card']} data-family={untold ? 'untold' : 'quiet'} aria-live="polite">
      <h2>{home.name}</h2>
      <p className={styles['answer']}>{t(untold ? 'unagreed.alarm' : 'family.quiet')}</p>
      {home.withheld === 'daily-state' && !untold && <p data-withheld>{t('unagreed.daily-state')}</p>}
      <p className={styles['as-of']}>{t('family.as-of', { at: hourMinute(asOf, home.timeZone) })}</p>
    </section>
  )
}
