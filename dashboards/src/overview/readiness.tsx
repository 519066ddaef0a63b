import type { HomeReadiness, PolicyReadiness } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { escalation } from '../api/calls.ts'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { day, dayMinute } from '../time/format.ts'
import styles from './overview.module.css'

const everyMs = 60_000
/** A list longer than this is worked off from its top. */
const homesShownMax = 50
/** Of a city most pages are empty: so many are asked for before the rest is said to be left. */
const pagesMax = 20
const gapsShownMax = 5

interface Ready {
  readonly until: string
  readonly policies: readonly PolicyReadiness[]
  readonly homes: readonly HomeReadiness[]
  readonly more: boolean
}

interface OnHome {
  /** Where a home's people are seen to. */
  readonly onHome: (home: string) => void
}

async function read(signal: AbortSignal): Promise<Ready> {
  const homes: HomeReadiness[] = []
  let cursor: string | null = null
  for (let page = 1; ; page++) {
    const answer = await escalation.readiness(cursor, signal)
    homes.push(...answer.homes.items)
    cursor = answer.homes.nextCursor
    const more = cursor !== null
    if (!more || homes.length >= homesShownMax || page >= pagesMax)
      return {
        until: answer.until,
        policies: answer.policies,
        homes: homes.slice(0, homesShownMax),
        more: more || homes.length > homesShownMax,
      }
  }
}

/** Whether an alarm would reach a person, before there is one: hours nobody is planned for, homes that nobody could be called for. */
export function Readiness({ onHome }: OnHome) {
  const t = useText()
  const { data, error } = useQuery({
    queryKey: ['readiness'],
    queryFn: ({ signal }) => read(signal),
    refetchInterval: everyMs,
  })
  const gaps = data?.policies.filter(({ ok }) => !ok) ?? []
  const well = data && gaps.length === 0 && data.homes.length === 0
  return (
    <section className={styles['block']} aria-labelledby="readiness-title" data-overview="readiness" data-well={well}>
      <h2 id="readiness-title">{t('readiness.title')}</h2>
      {error && <p className={styles['problem']}>{sentenceOf(t, error)}</p>}
      {well && <p className={styles['soft']}>{t('readiness.well', { on: day(data.until) })}</p>}
      <ul className={styles['list']}>
        {gaps.map((policy) => (
          <PolicyGaps key={policy.policy ?? ''} of={policy} />
        ))}
      </ul>
      {data && data.homes.length > 0 && <Homes homes={data.homes} more={data.more} onHome={onHome} />}
    </section>
  )
}

function PolicyGaps({ of: { policy, scope, gaps } }: { readonly of: PolicyReadiness }) {
  const t = useText()
  const words = useWords()
  const { home, type, class: of } = scope
  const what = home ?? (type ? words('event', type) : of ? words('class', of) : t('readiness.everything'))
  return (
    <li data-gaps={policy ?? 'standard'}>
      <b>{t('readiness.nobody', { what })}</b>
      {gaps.slice(0, gapsShownMax).map(({ from, to, why }) => (
        <span key={from} className={styles['next']} data-gap={why}>
          <span className="numerals">
            {dayMinute(from)} – {dayMinute(to)}
          </span>{' '}
          {words('gap', why)}
        </span>
      ))}
      {gaps.length > gapsShownMax && (
        <span className={styles['next']}>{t('readiness.more-gaps', { count: gaps.length - gapsShownMax })}</span>
      )}
    </li>
  )
}

function Homes({ homes, more, onHome }: Pick<Ready, 'homes' | 'more'> & OnHome) {
  const t = useText()
  const words = useWords()
  return (
    <>
      <h3>{t('readiness.homes')}</h3>
      <ul className={styles['list']}>
        {homes.map(({ homeId, name, contacts, lacks, notAsked = [] }) => (
          <li key={homeId} data-lacking={homeId}>
            <span className={styles['what']}>
              <button
                type="button"
                className={styles['open']}
                data-open-home={homeId}
                aria-label={t('homes.open-of', { name })}
                onClick={() => onHome(homeId)}
              >
                {name}
              </button>{' '}
              <span className={styles['soft']}>{t('readiness.contacts', { count: contacts })}</span>
            </span>
            {lacks.map((lack) => (
              <span key={lack} className={styles['lack']} data-lack={lack}>
                {words('lack', lack)}
                {lack === 'contact-not-asked' && `: ${notAsked.join(' · ')}`}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {more && <p className={styles['soft']}>{t('readiness.more-homes')}</p>}
    </>
  )
}
