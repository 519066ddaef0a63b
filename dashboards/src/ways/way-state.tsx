import type { Way } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { day } from '../time/format.ts'
import styles from './ways.module.css'

interface Props {
  readonly way: Way
  /** The home's, for a contact; undefined: the reader's own. */
  readonly zone?: string | undefined
}

/** One number or address: what it is, when somebody last answered there, and since when and why it is dead. */
export function WayState({ way: { channel, address, dead, lastProvenOn }, zone }: Props) {
  const t = useText()
  const words = useWords()
  return (
    <span className={styles['state']} data-dead={dead !== null}>
      <b>{words('channel', channel)}</b> <span className="numerals">{address}</span>{' '}
      <span className={dead ? styles['dead'] : styles['soft']}>
        {dead
          ? t('ways.dead', { on: day(dead.since, zone), why: dead.why ?? '' })
          : lastProvenOn === null
            ? t('ways.unproven')
            : t('ways.proven', { on: day(lastProvenOn, zone) })}
      </span>
    </span>
  )
}
