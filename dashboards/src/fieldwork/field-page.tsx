import type { HomeDetail, Person } from '@anju/contract/api'
import type { HealthMessage } from '@anju/contract/envelope'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { homes } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { TopBar } from '../frame/top-bar.tsx'
import { Waiting } from '../frame/waiting.tsx'
import { HomeFinder } from '../homes/home-finder.tsx'
import { HomePage } from '../homes/home-page.tsx'
import { useHomeOpened } from '../homes/use-home-opened.ts'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { CentreOverview } from '../overview/centre-overview.tsx'
import { Staff } from '../staff/staff.tsx'
import { dayTime } from '../time/format.ts'
import styles from './field-page.module.css'

interface Props {
  readonly me: Person
  readonly onLeave: () => void
  readonly onDoubt: () => void
}

const everyMs = 5_000
const homesMax = 50

/** For installers and administrators: each home, its gateway, and what its devices last said. */
export function FieldPage({ me, onLeave, onDoubt }: Props) {
  const t = useText()
  const words = useWords()
  const read = useQuery({
    queryKey: ['field', me.session],
    queryFn: async () => {
      const all = await homes.list()
      return { total: all.length, homes: await Promise.all(all.slice(0, homesMax).map(({ id }) => homes.read(id))) }
    },
    refetchInterval: everyMs,
  })
  const { opened, open, leave } = useHomeOpened()
  useEffect(() => {
    document.title = t('field.title')
    if (read.error instanceof Refusal && read.error.status === 401) onDoubt()
  }, [t, read.error, onDoubt])
  return (
    <>
      <TopBar me={me} onLeave={onLeave} />
      <main className={styles['page']}>
        {opened !== null ? (
          <HomePage key={opened} me={me} id={opened} onBack={leave} />
        ) : (
          <>
            {read.isPending && <Waiting text={t('frame.loading')} />}
            {read.isError && (
              <p className={styles['problem']} role="alert">
                {sentenceOf(t, read.error)}
              </p>
            )}
            {me.role === 'admin' && (
              <>
                <CentreOverview onHome={open} />
                <Staff me={me} />
              </>
            )}
            <HomeFinder me={me} onOpen={open} />
            {read.data?.homes.length === 0 && <p>{t('field.no-homes')}</p>}
            {read.data?.homes.map((home) => (
              <HomeCard key={home.id} home={home} t={t} words={words} onOpen={() => open(home.id)} />
            ))}
            {read.data && read.data.total > homesMax && (
              <p>{t('field.more', { shown: homesMax, total: read.data.total })}</p>
            )}
          </>
        )}
      </main>
    </>
  )
}

interface CardProps {
  readonly home: HomeDetail
  readonly t: Text
  readonly words: Words
  readonly onOpen: () => void
}

function HomeCard({ home, t, words, onOpen }: CardProps) {
  const { gateway } = home
  // The gateway's own words, as it sent them: every part may be missing on an older one.
  const health = gateway?.health as Partial<HealthMessage> | null | undefined
  const heard = new Map(health?.devices?.map((device) => [device.placement, device]))
  return (
    <section className={styles['card']} data-home={home.id} data-gateway={gateway?.state ?? 'none'}>
      <header>
        <h2>{home.name}</h2>
        <span>{home.address}</span>
        <button
          type="button"
          className={styles['open']}
          data-open-home={home.id}
          aria-label={t('homes.people-of', { name: home.name })}
          onClick={onOpen}
        >
          {t('homes.people')}
        </button>
      </header>
      {gateway ? (
        <dl className={styles['facts']}>
          <Fact name={t('field.gateway')} value={`${words('gateway', gateway.state)} · ${gateway.id}`} />
          <Fact
            name={t('field.last-heard')}
            value={gateway.lastHeardAt === null ? t('field.never') : dayTime(gateway.lastHeardAt, home.timeZone)}
          />
          {health?.queue && (
            <Fact
              name={t('field.backlog')}
              value={t('field.backlog-of', {
                life: health.queue.life,
                technical: health.queue.technical,
                telemetry: health.queue.telemetry,
              })}
            />
          )}
          {health?.clock && (
            <Fact
              name={t('field.clock')}
              value={t(health.clock.synced ? 'field.clock-synced' : 'field.clock-unsynced')}
            />
          )}
          {health?.links?.map(({ id, state, why }) => (
            <Fact
              key={id}
              name={t('field.link', { id })}
              value={why ? `${words('device', state)} · ${why}` : words('device', state)}
            />
          ))}
        </dl>
      ) : (
        <p>{t('field.no-gateway')}</p>
      )}
      <table className={styles['placements']}>
        <caption>{t('field.placements')}</caption>
        <thead>
          <tr>
            <th>{t('field.placement')}</th>
            <th>{t('field.profile')}</th>
            <th>{t('field.state')}</th>
            <th>{t('field.last-heard')}</th>
          </tr>
        </thead>
        <tbody>
          {home.placements.map(({ id, name, profile }) => {
            const device = heard.get(id)
            return (
              <tr key={id}>
                <td>{name}</td>
                <td>{profile ?? '—'}</td>
                <td>{device ? words('device', device.state) : t('field.not-said')}</td>
                <td className="numerals">{device?.lastHeardAt ? dayTime(device.lastHeardAt, home.timeZone) : '—'}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="numerals">{value}</dd>
    </div>
  )
}
