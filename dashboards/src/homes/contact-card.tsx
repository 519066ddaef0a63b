import type { Contact, HomeDetail } from '@anju/contract/api'
import { useState } from 'react'
import { AskedPress, Press } from '../frame/press.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { day } from '../time/format.ts'
import { EVERY_DAY } from './contact-draft.ts'
import { ContactForm } from './contact-form.tsx'
import { ContactWays } from './contact-ways.tsx'
import { focusOn } from './focus.ts'
import styles from './homes.module.css'
import type { Tested } from './tested.ts'

interface Props {
  readonly home: HomeDetail
  readonly contact: Contact
  readonly canMove: { readonly up: boolean; readonly down: boolean }
  readonly busy: boolean
  readonly tested: Tested
  readonly onTested: (way: string, before: string | null) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
}

/** One contact: who they are, when they may be asked, and how they are reached. */
export function ContactCard({ home, contact, canMove, busy, tested, onTested, onMove, onRemove }: Props) {
  const t = useText()
  const words = useWords()
  const [editing, setEditing] = useState(false)
  const { id, name } = contact
  const done = () => {
    setEditing(false)
    focusOn(`[data-person="${id}"] [data-action=edit-contact]`)
  }
  const facts = [
    contact.role && words('contact-role', contact.role),
    contact.language && words('spoken', contact.language),
    contact.distanceM != null && t('homes.distance', { metres: contact.distanceM }),
    contact.lastProvenOn === null
      ? t('ways.unproven')
      : t('ways.proven', { on: day(contact.lastProvenOn, home.timeZone) }),
  ].filter(Boolean)
  return (
    <li tabIndex={-1} data-person={id} data-place={contact.order}>
      <div className={styles['head']}>
        <span className={styles['grow']}>
          {contact.order}. <b>{name}</b> {contact.relation}{' '}
          {contact.keyHolder && <span className={styles['mark']}>{t('contacts.key-holder')}</span>}{' '}
          {contact.withdrawn === true && <span className={styles['mark']}>{t('contacts.withdrawn')}</span>}
        </span>
        <span className={styles['buttons']}>
          <Press action="up" label={t('homes.up', { name })} off={!canMove.up || busy} onPress={() => onMove(-1)}>
            ↑
          </Press>
          <Press action="down" label={t('homes.down', { name })} off={!canMove.down || busy} onPress={() => onMove(1)}>
            ↓
          </Press>
          <Press action="edit-contact" label={t('homes.edit-of', { name })} onPress={() => setEditing(true)}>
            {t('homes.edit')}
          </Press>
          <AskedPress
            action="remove-contact"
            label={t('homes.remove-of', { name })}
            means={t('homes.remove-means', { name })}
            off={busy}
            onPress={onRemove}
          >
            {t('homes.remove')}
          </AskedPress>
        </span>
      </div>
      <p className={styles['soft']}>{facts.join(' · ')}</p>
      <p className={styles['soft']}>
        {contact.hours == null ? t('homes.any-hour') : <HoursInWords of={contact.hours} />}
      </p>
      {contact.note && <p>{contact.note}</p>}
      {editing ? (
        <ContactForm home={home} contact={contact} onDone={done} />
      ) : (
        <ContactWays home={home} contact={contact} tested={tested} onTested={onTested} />
      )}
    </li>
  )
}

function HoursInWords({ of }: { readonly of: NonNullable<Contact['hours']> }) {
  const t = useText()
  const words = useWords()
  return of
    .map(({ days, from, to }) => {
      const on =
        days.length === EVERY_DAY.length
          ? t('homes.every-day')
          : days.map((one) => words('weekday', String(one))).join(' ')
      return `${on} ${from}–${to}`
    })
    .join('; ')
}
