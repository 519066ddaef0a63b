import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'

/** What is read of the centre's people lies below this key. */
export const staffKey = 'staff'

export interface Dialogs<T> {
  readonly open: T | null
  readonly show: (what: T) => void
  /** `changed`: what is shown, and whether an alarm reaches a person, is read anew. `gone`: what was pressed is no longer there. */
  readonly done: (what: { readonly changed: boolean; readonly gone?: boolean }) => void
}

/** One dialog at a time. When it closes, the focus goes back to what opened it, or to the list's name when that is gone. */
export function useDialog<T>(titleId: string, onDialog: (open: boolean) => void): Dialogs<T> {
  const queries = useQueryClient()
  const [open, setOpen] = useState<T | null>(null)
  const back = useRef<Element | null>(null)
  const isOpen = open !== null
  useEffect(() => () => onDialog(false), [onDialog])
  useEffect(() => {
    if (isOpen || back.current === null) return
    const to = back.current.isConnected ? back.current : document.getElementById(titleId)
    back.current = null
    if (to instanceof HTMLElement) to.focus()
  }, [isOpen, titleId])
  return {
    open,
    show(what) {
      // One that follows another goes back to what opened the first.
      if (!isOpen) back.current = document.activeElement
      setOpen(what)
      onDialog(true)
    },
    done({ changed, gone = false }) {
      if (gone) back.current = document.getElementById(titleId)
      setOpen(null)
      // Told with it, not after it: the first key behind a dialog that has gone is the page's again.
      onDialog(false)
      if (!changed) return
      void queries.invalidateQueries({ queryKey: [staffKey] })
      void queries.invalidateQueries({ queryKey: ['readiness'] })
    },
  }
}
