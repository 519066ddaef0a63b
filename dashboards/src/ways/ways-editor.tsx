import { useEffect, useRef } from 'react'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'
import { channelOf, movedUp, type WayDraft, type WayFault, waysMax, withOneMore } from './way-draft.ts'
import { WayFields } from './way-fields.tsx'
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
  const become = (changed: WayDraft) => onChange(drafts.map((one) => (one.key === changed.key ? changed : one)))
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
                <WayFields
                  channel={one.channel}
                  address={one.address}
                  labels={{ channel: t('way.channel', { number }), address: t('way.address', { number }) }}
                  fields={{ address: `ways/${one.key}` }}
                  problem={says && t(says)}
                  onChannel={(channel) => become({ ...one, channel })}
                  onAddress={(address) => become({ ...one, address })}
                />
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
