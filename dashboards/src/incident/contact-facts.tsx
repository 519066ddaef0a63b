import type { AlarmDetail, Contact } from '@anju/contract/api'
import { useSecond } from '../console/seat.tsx'
import { useLocale, useText } from '../i18n/locale.tsx'
import { hourMinute } from '../time/format.ts'
import { distanceText, hoursText, isQuiet } from './contact-hours.ts'
import styles from './contacts.module.css'

interface Props {
  readonly contact: Contact
  /** Those who said that they go. */
  readonly going: NonNullable<AlarmDetail['going']>
  readonly zone: string | undefined
}

const roles = {
  family: 'contacts.role-family',
  neighbour: 'contacts.role-neighbour',
  'key-holder': 'contacts.role-key-holder',
} as const
const languages = { 'zh-CN': '中文', en: 'English' } as const

/** Who they are to the home and whether this is an hour to call them at; the hours bind no alarm of life. */
export function ContactFacts({ contact, going, zone }: Props) {
  const t = useText()
  const { locale } = useLocale()
  const { role, language, hours, distanceM, note } = contact
  const arriving = going.find(({ name }) => name === contact.name)
  const facts = [
    role && t(roles[role]),
    typeof distanceM === 'number' && t('contacts.distance', { distance: distanceText(distanceM) }),
    language && t('contacts.speaks', { language: languages[language] }),
    hours && t('contacts.hours', { hours: hoursText(hours, locale) }),
  ].filter((fact) => typeof fact === 'string')
  return (
    <>
      {arriving && (
        <p className={styles['arrives']}>{t('contacts.arrives', { at: hourMinute(arriving.arrivesAt, zone) })}</p>
      )}
      {(facts.length > 0 || hours) && (
        <p className={styles['facts']}>
          {facts.join(' · ')}
          {hours && zone !== undefined && <Quiet hours={hours} zone={zone} />}
        </p>
      )}
      {note !== undefined && note !== '' && <p className={styles['facts']}>{note}</p>}
    </>
  )
}

/** Of its own: the clock strikes each second, and only this depends on it. */
function Quiet({ hours, zone }: { readonly hours: NonNullable<Contact['hours']>; readonly zone: string }) {
  const t = useText()
  const now = useSecond()
  if (!isQuiet(hours, now, zone)) return null
  return (
    <span className={styles['quiet']} data-quiet>
      {t('contacts.quiet')}
    </span>
  )
}
