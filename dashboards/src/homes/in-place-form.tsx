import type { Changed } from '@anju/contract/api'
import { type FormEvent, type ReactNode, useEffect, useEffectEvent, useId, useRef } from 'react'
import { ChangedMeanwhile } from '../changed/changed-meanwhile.tsx'
import { Press, Problem } from '../frame/press.tsx'
import { Unsaved, useUnsaved } from '../frame/unsaved.tsx'
import { useText } from '../i18n/locale.tsx'
import { isComposing } from '../keyboard/shortcuts.ts'
import styles from './homes.module.css'
import { useTold } from './unsaved-forms.ts'

interface Props {
  readonly name: string
  readonly label: string
  readonly save: string
  readonly problem: string
  /** Of what can be written by two: what another has written meanwhile. */
  readonly changed?: Changed | null
  readonly busy: boolean
  /** Something was written that would be lost. */
  readonly dirty: boolean
  /** Is given the form, where the focus goes to what is missing in it; and what it shall be written over. */
  readonly onSave: (form: HTMLFormElement, over: Changed | null) => void
  readonly onCancel: () => void
  readonly children: ReactNode
}

/**
 * A form in its place. Its keys are its own: a letter typed in it takes no alarm, and Escape leaves it, but asks first when
 * something was written. While it is being saved it stays: nobody would know what became of it.
 */
export function InPlaceForm({
  name,
  label,
  save,
  problem,
  changed = null,
  busy,
  dirty,
  onSave,
  onCancel,
  children,
}: Props) {
  const t = useText()
  const form = useRef<HTMLFormElement>(null)
  const title = useId()
  const unsaved = useUnsaved(dirty, onCancel)
  useTold(dirty)
  const leave = () => {
    if (!busy) unsaved.leave()
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    // The console's own keys must not hear it.
    event.stopPropagation()
    if (event.key === 'Escape' && !isComposing(event)) leave()
  })
  useEffect(() => {
    const { current } = form
    const listen = (event: KeyboardEvent) => onKey(event)
    current?.querySelector<HTMLElement>('input, select, textarea')?.focus()
    current?.addEventListener('keydown', listen)
    return () => current?.removeEventListener('keydown', listen)
  }, [])
  const asked = useRef(false)
  useEffect(() => {
    // Who pressed "cancel" and goes on stands there again; who pressed Escape is back in their field already.
    if (asked.current && !form.current?.contains(document.activeElement))
      form.current?.querySelector<HTMLElement>('[data-action=cancel]')?.focus()
    asked.current = unsaved.asking
  }, [unsaved.asking])
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (!busy && !unsaved.asking) onSave(event.currentTarget, null)
  }
  return (
    <form ref={form} className={styles['form']} noValidate aria-labelledby={title} data-form={name} onSubmit={submit}>
      <h4 id={title}>{label}</h4>
      {children}
      {changed && !unsaved.asking ? (
        <ChangedMeanwhile
          changed={changed}
          onTheirs={onCancel}
          onMine={() => {
            if (!busy && form.current) onSave(form.current, changed)
          }}
        />
      ) : (
        <Problem text={problem} />
      )}
      {unsaved.asking ? (
        <Unsaved of={unsaved} />
      ) : (
        <div className={styles['buttons']}>
          <button type="submit" className={styles['button']} data-action={`save-${name}`} aria-disabled={busy}>
            {save}
          </button>
          <Press action="cancel" off={busy} onPress={leave}>
            {t('dialog.cancel')}
          </Press>
        </div>
      )}
    </form>
  )
}
