import { useCallback, useState } from 'react'
import { focusOn } from './focus.ts'
import { homesTitleId } from './home-finder.tsx'

/** Which home's page stands in the place of the list that led to it, and the way back. */
export function useHomeOpened() {
  const [opened, setOpened] = useState<string | null>(null)
  const leave = useCallback(() => {
    const from = opened
    setOpened(null)
    // To what led there, else to where another is found.
    focusOn(`[data-open-home="${from}"]`, `#${homesTitleId}`)
  }, [opened])
  return { opened, open: setOpened, leave }
}
