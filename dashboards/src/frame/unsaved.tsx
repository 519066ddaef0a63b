import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './form-foot.module.css'

export interface Leaving {
  /** Whether what was changed may be lost is being asked. */
  readonly asking: boolean
  /** What Escape, the cross and "cancel" do: leave, or ask, or take the question back. */
  readonly leave: () => void
  readonly goOn: () => void
  readonly discard: () => void
}

/** Minutes of writing are not lost by one key: neither by Escape, nor by a press beside the dialog, nor by a reload. */
export function useUnsaved(dirty: boolean, onDone: () => void): Leaving {
  const [asking, setAsking] = useState(false)
  const had = useRef<Element | null>(null)
  useEffect(() => {
    if (!dirty) return undefined
    const hold = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', hold)
    return () => removeEventListener('beforeunload', hold)
  }, [dirty])

  // It was saved, or taken back by hand, while it was being asked: there is nothing left to ask.
  if (asking && !dirty) setAsking(false)

  function goOn() {
    setAsking(false)
    if (had.current instanceof HTMLElement) had.current.focus()
  }
  function leave() {
    if (!dirty) return onDone()
    if (asking) return goOn()
    had.current = document.activeElement
    setAsking(true)
  }
  return { asking, leave, goOn, discard: onDone }
}

export function Unsaved({ of }: { readonly of: Leaving }) {
  const t = useText()
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  return (
    <div className={styles['buttons']} data-unsaved>
      <p className={styles['unsaved']} role="alert">
        {t('plans.unsaved')}
      </p>
      <Button variant="default" data-action="discard" onClick={of.discard}>
        {t('plans.discard')}
      </Button>
      <Button ref={first} data-action="go-on" onClick={of.goOn}>
        {t('plans.go-on')}
      </Button>
    </div>
  )
}
