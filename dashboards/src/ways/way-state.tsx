import type { Way } from '@anju/contract/api'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { day } from '../time/format.ts'
import styles from './ways.module.css'

interface Props {
  readonly way: Way
  /** The home's, for a contact; undefined: the reader's own. */
  readonly zone?: string | undefined
  /** False where the number stands beside it already. */
  readonly withAddress?: boolean
}

/** One number or address: what it is, when somebody last answered there, and since when and why it is dead. */
export function WayState({ way: { channel, address, dead, lastProvenOn }, zone, withAddress = true }: Props) {
  const t = useText()
  const words = useWords()
  // A stranger there was met by one of us; everything else is a provider's word.
  const why = (word: string) => words(word === 'wrong-number' ? 'contact' : 'why', word)
  return (
    <span className={styles['state']} data-dead={dead !== null}>
      <b>{words('channel', channel)}</b> {withAddress && <span className="numerals">{address} </span>}
      <span className={dead ? styles['dead'] : styles['soft']}>
        {dead
          ? t('ways.dead', { on: day(dead.since, zone), why: dead.why === null ? '' : why(dead.why) })
          : lastProvenOn === null
            ? t('ways.unproven')
            : t('ways.proven', { on: day(lastProvenOn, zone) })}
      </span>
    </span>
  )
}
