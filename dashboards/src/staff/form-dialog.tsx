import type { Changed } from '@anju/contract/api'
import { Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, use, useRef, useState } from 'react'
import { Refusal } from '../api/request.ts'
import { ChangedMeanwhile } from '../changed/changed-meanwhile.tsx'
import { FormFoot } from '../frame/form-foot.tsx'
import { useUnsaved } from '../frame/unsaved.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { AlarmsWaiting } from '../queue/alarms-waiting.tsx'
import { DeskBehindContext } from './desk-behind.ts'
import type { Fault } from './fault.ts'
import styles from './staff.module.css'

/** What a form shows of its faults: those it has seen itself, and what the server did not take. */
export interface Shown {
  readonly faults: readonly Fault[]
  readonly problemAt: (place: string) => string | undefined
}

interface Props {
  /** Names the dialog in the page. */
  readonly of: string
  readonly title: string
  readonly size?: 'md' | 'xl'
  readonly dirty: boolean
  /** Everything that keeps it from being sent, from top to bottom. */
  readonly faults: readonly Fault[]
  /** What the server refused, where it is about one field. */
  readonly faultFrom?: (error: unknown) => Fault | undefined
  /** `over`: what another has written since, when it shall be written over. */
  readonly send: (over: Changed | null) => Promise<unknown>
  readonly onDone: (saved: boolean) => void
  readonly children: (shown: Shown) => ReactNode
}

interface Refused {
  readonly error: unknown
  readonly at: Fault | undefined
}

/** A form that is saved or left: the focus goes to what is missing first, and nothing that was typed is lost by one key. */
export function FormDialog({ of, title, size = 'md', dirty, faults, faultFrom, send, onDone, children }: Props) {
  const t = useText()
  const desk = use(DeskBehindContext)
  /** Faults are shown from the first try on: until then nothing is wrong, only unfinished. */
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Refused | null>(null)
  const [saving, setSaving] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const unsaved = useUnsaved(dirty, () => onDone(false))

  const shown = [...(tried ? faults : []), ...(refused?.at ? [refused.at] : [])]
  const problemAt = (place: string): string | undefined => {
    const fault = shown.find(({ at }) => at === place)
    return fault && t(fault.says)
  }
  // Once the message is painted: it is read out together with its field.
  const goTo = (place: string) =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(`[data-field="${place}"]`)?.focus())

  const changed = (refused?.error instanceof Refusal && refused.error.changed) || null

  async function save(over: Changed | null) {
    if (saving) return
    setTried(true)
    setRefused(null)
    const [first] = faults
    if (first) {
      goTo(first.at)
      return
    }
    setSaving(true)
    try {
      await send(over)
    } catch (error) {
      const at = faultFrom?.(error)
      setRefused({ error, at })
      if (at) goTo(at.at)
      return
    } finally {
      setSaving(false)
    }
    onDone(true)
  }

  return (
    <Modal
      opened={!desk?.taken}
      keepMounted
      size={size}
      onClose={unsaved.leave}
      title={title}
      closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      classNames={{ content: styles['dialog'] ?? '' }}
      returnFocus={false}
      data-dialog={of}
    >
      <form
        ref={form}
        className={styles['form']}
        noValidate
        onChange={() => setRefused(null)}
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void save(null)
        }}
      >
        {children({ faults: shown, problemAt })}
        <FormFoot
          waiting={desk && <AlarmsWaiting onAlarm={desk.onAlarm} />}
          faults={shown.length}
          unsaved={unsaved}
          saving={saving}
          action="save"
        >
          {changed && !unsaved.asking && (
            <ChangedMeanwhile changed={changed} onTheirs={() => onDone(true)} onMine={() => void save(changed)} />
          )}
          {refused && !refused.at && !changed && (
            <p className={styles['problem']} role="alert">
              {sentenceOf(t, refused.error)}
            </p>
          )}
        </FormFoot>
      </form>
    </Modal>
  )
}
