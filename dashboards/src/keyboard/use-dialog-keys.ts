import { useEffect, useEffectEvent } from 'react'
import { isComposing } from './shortcuts.ts'

/**
 * The keys of an open dialog, wherever the focus is: a fast hand types before the dialog has got it, and what had it may be
 * gone. Nothing is told while an input method composes, with a modifier, or while a text is typed.
 */
export function useDialogKeys(onKey: (event: KeyboardEvent) => void): void {
  const told = useEffectEvent(onKey)
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isComposing(event) || event.repeat) return
      if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return
      // It would press the button that has the focus, out of sight.
      if (isLostEnter(event)) event.preventDefault()
      told(event)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === 'text')

/**
 * Enter goes to what has the focus. Where that is nothing of the dialog – the one before it gave the focus back late, to a button
 * behind this one – it means the dialog's own answer.
 */
export const isLostEnter = ({ key, target }: KeyboardEvent): boolean =>
  key === 'Enter' && !(target instanceof Element && target.closest('[role=dialog]'))
