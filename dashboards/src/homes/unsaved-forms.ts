import { createContext, useCallback, useContext, useEffect, useId, useState } from 'react'

/** A form says whether something is written in it that is not saved: the way back from the page asks before it is lost. */
type Tell = (form: string, dirty: boolean) => void
export const UnsavedForms = createContext<Tell>(() => undefined)

export function useTold(dirty: boolean): void {
  const form = useId()
  const tell = useContext(UnsavedForms)
  useEffect(() => {
    tell(form, dirty)
    return () => tell(form, false)
  }, [tell, form, dirty])
}

/** Whether any form of the page holds something that is not saved. */
export function useUnsavedForms(): { readonly dirty: boolean; readonly tell: Tell } {
  const [forms, setForms] = useState<readonly string[]>([])
  const tell = useCallback<Tell>((form, dirty) => {
    setForms((now) => (now.includes(form) === dirty ? now : dirty ? [...now, form] : now.filter((one) => one !== form)))
  }, [])
  return { dirty: forms.length > 0, tell }
}
