import { useEffect, useEffectEvent } from 'react'
import { isComposing } from '../keyboard/shortcuts.ts'

/** Alt and an arrow, anywhere inside a step, move it. */
export function useStepKeys(onMove: (step: string, by: 1 | -1) => void): void {
  const move = useEffectEvent(onMove)
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented || isComposing(event)) return
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
      const { target } = event
      // In a list of choices these keys open it.
      if (!(target instanceof HTMLElement) || target instanceof HTMLSelectElement) return
      const step = target.closest<HTMLElement>('[data-plan-step]')?.dataset['planStep']
      if (step === undefined) return
      event.preventDefault()
      move(step, event.key === 'ArrowUp' ? -1 : 1)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
