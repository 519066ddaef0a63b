import type { Person } from '@anju/contract/api'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import bar from '../frame/bar.module.css'
import { useText } from '../i18n/locale.tsx'

// Seldom needed, and then not at once.
const AccountDialog = lazy(async () => ({ default: (await import('./account-dialog.tsx')).AccountDialog }))

interface Props {
  readonly me: Person
  readonly large: boolean
}

/** The way to one's own account, from the bar of every page that is not the console. */
export function AccountButton({ me, large }: Props) {
  const t = useText()
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(false)
  useEffect(() => {
    // The focus goes back to where it was, once the dialog has let it go.
    if (was.current && !open) button.current?.focus()
    was.current = open
  }, [open])
  return (
    <>
      <button ref={button} type="button" className={bar['tool']} data-action="account" onClick={() => setOpen(true)}>
        {t('account.mine')}
      </button>
      {open && (
        <Suspense fallback={null}>
          <AccountDialog me={me} large={large} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
