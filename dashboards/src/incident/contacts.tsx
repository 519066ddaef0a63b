import type { Alarm, AlarmDetail, Contact } from '@anju/contract/api'
import { CONTACT_OUTCOMES, type ContactOutcome } from '@anju/contract/disposition'
import { type RefObject, useCallback, useEffect, useRef } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { isComposing } from '../keyboard/shortcuts.ts'
import { clockTime } from '../time/format.ts'
import { ContactFacts } from './contact-facts.tsx'
import styles from './contacts.module.css'
import block from './incident.module.css'
import { Key } from './incident-actions.tsx'
import { numbersOf } from './numbers.ts'
import { Ways } from './ways.tsx'

interface Props {
  readonly alarm: Alarm
  readonly contacts: readonly Contact[]
  readonly timeline: AlarmDetail['timeline']
  readonly going: NonNullable<AlarmDetail['going']>
  readonly zone: string | undefined
}

/** The key `c` comes here. */
export const contactsId = 'contacts'

/** In call order. A digit on a contact says how the call went and goes on to the next one. */
export function Contacts({ alarm, contacts, timeline, going, zone }: Props) {
  const t = useText()
  const words = useWords()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const list = useRef<HTMLOListElement>(null)
  const enabled = holds(seat, alarm) && link !== 'lost'
  const ordered = [...contacts].sort((a, b) => a.order - b.order)

  const record = useCallback(
    async (contactId: string, outcome: ContactOutcome) => {
      const inList = list.current?.contains(document.activeElement)
      if (!(await commands.contact(alarm, contactId, outcome)) || !inList) return
      // Nobody there: on to the next one. Reached: stay, there is more to say than to dial.
      const row = list.current?.querySelector<HTMLElement>(`[data-contact="${contactId}"]`)
      const next = outcome === 'reached' ? null : row?.nextElementSibling
      ;(next instanceof HTMLElement ? next : row)?.focus()
    },
    [alarm, commands],
  )
  useDigits(list, enabled, record)

  return (
    <section className={block['block']} aria-labelledby="contacts-title">
      <h3 id="contacts-title">
        {t('contacts.title')} <Key of="c" />
      </h3>
      {ordered.length === 0 && <p className={block['soft']}>{t('contacts.none')}</p>}
      <ol ref={list} id={contactsId} className={styles['contacts']}>
        {ordered.map((contact) => (
          <li key={contact.id} tabIndex={-1} data-contact={contact.id} className={styles['contact']}>
            <div className={styles['line']}>
              <b>{contact.name}</b>
              <span>{contact.relation}</span>
              {contact.keyHolder && <span className={styles['key']}>{t('contacts.key-holder')}</span>}
              {contact.withdrawn === true && <span className={styles['key']}>{t('contacts.withdrawn')}</span>}
              {!isAmong(contact) && (
                <a className={styles['phone']} href={`tel:${contact.phone}`}>
                  {contact.phone}
                </a>
              )}
            </div>
            <ContactFacts contact={contact} going={going} zone={zone} />
            <Result contact={contact} timeline={timeline} zone={zone} />
            <Ways alarm={alarm} contact={contact} zone={zone} />
            {enabled && (
              <fieldset className={styles['outcomes']} aria-label={t('contacts.outcomes', { name: contact.name })}>
                {CONTACT_OUTCOMES.map((outcome, index) => (
                  <button
                    key={outcome}
                    type="button"
                    data-outcome={outcome}
                    className={styles['outcome']}
                    onClick={() => void record(contact.id, outcome)}
                  >
                    <span aria-hidden="true" className={styles['digit']}>
                      {index + 1}
                    </span>
                    {words('contact', outcome)}
                  </button>
                ))}
              </fieldset>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** The number that everybody knows them by is one of their ways, mostly: there it is dialled, and there it says whether it works. */
const isAmong = ({ phone, ways = [], accountWays = [] }: Contact): boolean =>
  numbersOf([...accountWays, ...ways]).numbers.some(({ number }) => number === phone)

/** A digit pressed anywhere on a contact says how the call to them went. */
function useDigits(
  list: RefObject<HTMLElement | null>,
  enabled: boolean,
  record: (contactId: string, outcome: ContactOutcome) => Promise<void>,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!enabled || event.repeat || isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-contact]') : null
      const outcome = CONTACT_OUTCOMES[Number(event.key) - 1]
      const contactId = row?.dataset['contact']
      if (!outcome || contactId === undefined || !list.current?.contains(row)) return
      event.preventDefault()
      void record(contactId, outcome)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [list, enabled, record])
}

/** How it went the last time: during this alarm with the time, else before it. */
function Result({ contact, timeline, zone }: Pick<Props, 'timeline' | 'zone'> & { readonly contact: Contact }) {
  const t = useText()
  const words = useWords()
  const call = timeline.findLast(
    ({ kind, detail }) =>
      kind === 'contacted' && (detail['contact'] === contact.id || detail['contact'] === contact.name),
  )
  const outcome = call?.detail['outcome']
  if (call)
    return (
      <p className={styles['result']}>
        <b>{typeof outcome === 'string' ? words('contact', outcome) : ''}</b> · {clockTime(call.at, zone)}
      </p>
    )
  return (
    <p className={styles['result']}>
      {contact.lastOutcome
        ? t('contacts.before', { outcome: words('contact', contact.lastOutcome) })
        : t('contacts.never-tried')}
      {contact.lastProvenOn !== null && <> · {t('contacts.proven', { on: contact.lastProvenOn.slice(0, 10) })}</>}
    </p>
  )
}
