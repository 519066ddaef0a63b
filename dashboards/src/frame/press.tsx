import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './press.module.css'

interface PressProps {
  readonly action: string
  /** Names what it is done to, where the word on it does not. */
  readonly label?: string
  readonly off?: boolean
  readonly onPress: () => void
  readonly children: ReactNode
}

/** Never `disabled`: who has just pressed it keeps the focus while it is being done. */
export function Press({ action, label, off = false, onPress, children }: PressProps) {
  return (
    <button
      type="button"
      className={styles['button']}
      data-action={action}
      aria-label={label}
      aria-disabled={off}
      onClick={() => {
        if (!off) onPress()
      }}
    >
      {children}
    </button>
  )
}

interface AskedProps extends PressProps {
  /** What it means, said before it is done. */
  readonly means: string
}

/** A press that asks first, in the place where it was pressed. */
export function AskedPress({ means, onPress, ...button }: AskedProps) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const wasAsking = useRef(false)
  useEffect(() => {
    if (asking || wasAsking.current) box.current?.querySelector<HTMLElement>('button')?.focus()
    wasAsking.current = asking
  }, [asking])
  function confirm() {
    setAsking(false)
    onPress()
  }
  return (
    <div ref={box}>
      {asking ? (
        <fieldset className={styles['ask']} aria-label={button.label}>
          <span role="alert">{means}</span>
          <Press action="cancel" onPress={() => setAsking(false)}>
            {t('dialog.cancel')}
          </Press>
          <Press action={`confirm-${button.action}`} off={button.off ?? false} onPress={confirm}>
            {button.children}
          </Press>
        </fieldset>
      ) : (
        <Press {...button} onPress={() => setAsking(true)} />
      )}
    </div>
  )
}

/** What kept something from being done. */
export function Problem({ text }: { readonly text: string }) {
  if (text === '') return null
  return (
    <p className={styles['problem']} role="alert">
      {text}
    </p>
  )
}
