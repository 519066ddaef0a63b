import type { Contact, HomeDetail } from '@anju/contract/api'
import { useEffect, useState } from 'react'
import { people } from '../api/people-calls.ts'
import { pageClock } from '../edge/page-clock.ts'
import { Press, Problem } from '../frame/press.tsx'
import { useText } from '../i18n/locale.tsx'
import { ContactCard } from './contact-card.tsx'
import { moved } from './contact-draft.ts'
import { ContactForm } from './contact-form.tsx'
import { focusOn } from './focus.ts'
import styles from './homes.module.css'
import { awaitedUntilMs, type Tested } from './tested.ts'
import { useAct } from './use-home.ts'

interface Props {
  readonly home: HomeDetail
  /** A test was sent, nobody has opened it yet, and it is awaited until then; 0: there is none. */
  readonly onAwaiting: (until: number) => void
}

/** Who is told of a home's alarms, in the order in which they are asked. */
export function ContactList({ home, onAwaiting }: Props) {
  const t = useText()
  const act = useAct(home.id)
  const [adding, setAdding] = useState(false)
  const [removed, setRemoved] = useState<Contact | null>(null)
  const [moveSaid, setMoveSaid] = useState('')
  const [tested, setTested] = useState<Tested>(new Map())
  const { contacts } = home
  const ids = contacts.map(({ id }) => id)
  const until = awaitedUntilMs(contacts, tested)
  useEffect(() => onAwaiting(until), [until, onAwaiting])

  const done = () => {
    setAdding(false)
    focusOn('[data-action=add-contact]')
  }
  async function move({ id, name }: Contact, by: 1 | -1) {
    const order = moved(ids, id, by)
    if (order === ids || !(await act.run(() => people.order(home.id, order, home.orderVersion)))) return
    setMoveSaid(t('homes.moved', { name, place: order.indexOf(id) + 1, count: order.length }))
    focusOn(`[data-person="${id}"][data-place="${order.indexOf(id) + 1}"] [data-action=${by < 0 ? 'up' : 'down'}]`)
  }
  async function remove(contact: Contact) {
    if (!(await act.run(() => people.remove(home.id, contact)))) return
    setRemoved(contact)
    focusOn('[data-action=restore-contact]')
  }
  async function restore({ id }: Contact) {
    if (!(await act.run(() => people.change(home.id, id, { removed: false })))) return
    setRemoved(null)
    focusOn(`[data-person="${id}"]`)
  }

  return (
    <section className={styles['block']} aria-labelledby="people-title" data-people>
      <div className={styles['head']}>
        <h3 id="people-title" tabIndex={-1}>
          {t('homes.contacts')}
        </h3>
        <span className={styles['soft']}>{t('homes.contacts-mean')}</span>
      </div>
      <Problem text={act.problem} />
      <output className={styles['soft']}>{moveSaid}</output>
      {removed && (
        <p className={styles['ask']} data-removed={removed.id}>
          <output>{t('homes.removed', { name: removed.name })}</output>
          <Press action="restore-contact" off={act.busy} onPress={() => void restore(removed)}>
            {t('homes.restore')}
          </Press>
        </p>
      )}
      {contacts.length === 0 && <p className={styles['soft']}>{t('contacts.none')}</p>}
      <ol className={styles['list']}>
        {contacts.map((contact, index) => (
          <ContactCard
            key={contact.id}
            home={home}
            contact={contact}
            canMove={{ up: index > 0, down: index < contacts.length - 1 }}
            busy={act.busy}
            tested={tested}
            onTested={(way, provenBefore) =>
              setTested(new Map(tested).set(way, { provenBefore, sentAtMs: pageClock.now() }))
            }
            onMove={(by) => void move(contact, by)}
            onRemove={() => void remove(contact)}
          />
        ))}
      </ol>
      {adding ? (
        <ContactForm home={home} contact={null} onDone={done} />
      ) : (
        <Press action="add-contact" onPress={() => setAdding(true)}>
          {t('homes.add-contact')}
        </Press>
      )}
    </section>
  )
}
