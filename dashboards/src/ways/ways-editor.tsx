import { TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Pick } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import {
  addressCharsMax,
  channelOf,
  movedUp,
  TYPED_CHANNELS,
  type WayDraft,
  type WayFault,
  waysMax,
  withOneMore,
} from './way-draft.ts'
import { WayState } from './way-state.tsx'
import styles from './ways.module.css'

interface Props {
  readonly drafts: readonly WayDraft[]
  readonly faults: readonly WayFault[]
  readonly zone?: string | undefined
  readonly onChange: (drafts: readonly WayDraft[]) => void
}

/**
 * The list of somebody's numbers as it shall be. What stays is not typed again, so that its proof stays with it; a number that
 * changed is a new line, and the old one is taken out.
 */
export function WaysEditor({ drafts, faults, zone, onChange }: Props) {
  const t = useText()
  const words = useWords()
  const list = useRef<HTMLFieldSetElement>(null)
  const fresh = useRef<string | null>(null)
  useEffect(() => {
    if (fresh.current === null) return
    list.current?.querySelector<HTMLElement>(`[data-field="ways/${fresh.current}"]`)?.focus()
    fresh.current = null
  })

  function add() {
    if (drafts.length >= waysMax) return
    const more = withOneMore(drafts)
    fresh.current = more.key
    onChange(more.drafts)
  }
  function takeOut(key: string) {
    onChange(drafts.filter((one) => one.key !== key))
    // What had the focus is gone: what comes next for who works by keys is to type the new one.
    list.current?.querySelector<HTMLElement>('[data-action=add-way]')?.focus()
  }

  return (
    <fieldset ref={list} className={styles['editor']} data-ways-editor>
      <legend>{t('way.legend')}</legend>
      <p className={styles['soft']}>{t('way.order')}</p>
      <ol className={styles['lines']}>
        {drafts.map((one, index) => {
          const number = index + 1
          const says = faults.find(({ key }) => key === one.key)?.says
          return (
            <li key={one.key} data-way-line={one.key}>
              {one.is === 'kept' ? (
                <span className={styles['kept']}>
                  <WayState way={one.way} zone={zone} />
                  {says && <span className={styles['dead']}>{t(says)}</span>}
                </span>
              ) : (
                <>
                  <Pick
                    label={t('way.channel', { number })}
                    value={one.channel}
                    onPick={(value) => {
                      const channel = TYPED_CHANNELS.find((each) => each === value)
                      if (channel) onChange(drafts.map((each) => (each.key === one.key ? { ...one, channel } : each)))
                    }}
                  >
                    {TYPED_CHANNELS.map((channel) => (
                      <option key={channel} value={channel}>
                        {words('channel', channel)}
                      </option>
                    ))}
                  </Pick>
                  <TextInput
                    type="text"
                    label={t('way.address', { number })}
                    inputMode={one.channel === 'voice' || one.channel === 'sms' ? 'tel' : 'text'}
                    maxLength={addressCharsMax}
                    value={one.address}
                    error={says && t(says)}
                    data-field={`ways/${one.key}`}
                    onChange={(event) => {
                      const address = event.currentTarget.value
                      onChange(drafts.map((each) => (each.key === one.key ? { ...one, address } : each)))
                    }}
                  />
                </>
              )}
              <span className={styles['acts']}>
                <button
                  type="button"
                  className={styles['button']}
                  data-action="way-up"
                  aria-label={t('way.up', { number, channel: words('channel', channelOf(one)) })}
                  aria-disabled={index === 0}
                  onClick={() => onChange(movedUp(drafts, one.key))}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className={styles['button']}
                  data-action="way-out"
                  aria-label={t('way.out', { number, channel: words('channel', channelOf(one)) })}
                  onClick={() => takeOut(one.key)}
                >
                  ×
                </button>
              </span>
            </li>
          )
        })}
      </ol>
      <button
        type="button"
        className={styles['button']}
        data-action="add-way"
        aria-disabled={drafts.length >= waysMax}
        onClick={add}
      >
        {t('way.add')}
      </button>
    </fieldset>
  )
}
