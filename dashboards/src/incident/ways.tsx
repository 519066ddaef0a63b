import type { Contact } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { day } from '../time/format.ts'
import styles from './contacts.module.css'

interface Props {
  readonly contact: Contact
  readonly zone: string | undefined
}

/** On which ways a contact can be reached: when somebody last answered there, and since when and why one is dead. */
export function Ways({ contact: { name, ways = [], accountWays = [] }, zone }: Props) {
  const t = useText()
  const words = useWords()
  const all = [...accountWays, ...ways]
  if (all.length === 0) return null
  return (
    <ul className={styles['ways']} aria-label={t('ways.title', { name })}>
      {all.map(({ id, channel, dead, lastProvenOn }) => (
        <li key={id} data-way={channel} data-dead={dead !== null}>
          <b>{words('channel', channel)}</b>{' '}
          {dead
            ? t('ways.dead', { on: day(dead.since, zone), why: dead.why ?? '' })
            : lastProvenOn === null
              ? t('ways.unproven')
              : t('ways.proven', { on: day(lastProvenOn, zone) })}
        </li>
      ))}
    </ul>
  )
}
