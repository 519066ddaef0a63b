import type { Way } from '@anju/contract/api'
import { useState } from 'react'
import { Refusal } from '../api/request.ts'
import { AskedPress } from '../frame/press.tsx'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { WayState } from './way-state.tsx'
import styles from './ways.module.css'

interface Props {
  /** Whose they are. */
  readonly name: string
  readonly ways: readonly Way[]
  readonly zone?: string | undefined
  /** Sends a test message there; whoever opens it proves the way. */
  readonly onTest: (way: Way) => Promise<unknown>
  /** Somebody answered there, on the telephone for example. */
  readonly onProve: (way: Way) => Promise<unknown>
}

/** How somebody can be reached, in the order in which it is tried, and whether it still works. */
export function WayList({ name, ways, zone, onTest, onProve }: Props) {
  const t = useText()
  if (ways.length === 0) return <p className={styles['dead']}>{t('way.none')}</p>
  return (
    <ol className={styles['ways']} aria-label={t('ways.title', { name })}>
      {ways.map((way) => (
        <Line key={way.id} name={name} way={way} zone={zone} onTest={onTest} onProve={onProve} />
      ))}
    </ol>
  )
}

type Said =
  | { readonly is: 'nothing' | 'asking' | 'sent' | 'proven' }
  | { readonly is: 'refused'; readonly why: unknown }

function Line({ name, way, zone, onTest, onProve }: Omit<Props, 'ways'> & { readonly way: Way }) {
  const t = useText()
  const words = useWords()
  const [said, setSaid] = useState<Said>({ is: 'nothing' })
  const what = { name, channel: words('channel', way.channel) }

  async function ask(done: 'sent' | 'proven', call: (way: Way) => Promise<unknown>) {
    if (said.is === 'asking') return
    setSaid({ is: 'asking' })
    try {
      await call(way)
      setSaid({ is: done })
    } catch (why) {
      setSaid({ is: 'refused', why })
    }
  }
  return (
    <li data-way={way.id} data-channel={way.channel}>
      <WayState way={way} zone={zone} />
      <span className={styles['acts']}>
        <button
          type="button"
          className={styles['button']}
          data-action="test-way"
          aria-label={t('way.test-of', what)}
          aria-disabled={said.is === 'asking'}
          onClick={() => void ask('sent', onTest)}
        >
          {t('way.test')}
        </button>
        <AskedPress
          action="prove-way"
          label={t('way.prove-of', what)}
          means={t('homes.prove-means', { name })}
          off={said.is === 'asking'}
          onPress={() => void ask('proven', onProve)}
        >
          {t('way.prove')}
        </AskedPress>
      </span>
      <output className={styles['said']} data-said={said.is}>
        {said.is === 'sent' && t('way.sent')}
        {said.is === 'proven' && t('way.proved')}
        {said.is === 'refused' && <span className={styles['dead']}>{sentenceOfTest(t, said.why)}</span>}
      </output>
    </li>
  )
}

/** That nobody sends on a channel here is what a test most often finds: it is said in the reader's own language. */
const sentenceOfTest = (t: Text, why: unknown): string =>
  why instanceof Refusal && why.code === 'request-malformed' && why.detail.startsWith('way:')
    ? t('way.no-provider')
    : sentenceOf(t, why)
