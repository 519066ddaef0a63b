import { useCallback } from 'react'
import { useIntl } from 'react-intl'
import { plainWords } from './plain-words.ts'

/** Catalogue entries named `<family>.<word>` for the closed lists of the contract; a test holds them to those lists. */
export const FAMILIES = [
  'event',
  'class',
  'condition',
  'handling',
  'rung',
  'kind',
  'disposition',
  'cause',
  'outcome',
  'contact',
  'absent',
  'role',
  'gateway',
  'device',
  'mode',
  'step-state',
  'plan-source',
  'step-kind',
  'completion',
  'agency',
  'track',
  'track-state',
  'target',
  'channel',
  'notified',
  'why',
  'gap',
  'lack',
  'risk',
  'responder-kind',
  'contact-role',
  'spoken',
  'purpose',
  'recipient',
  'shift-kind',
  'weekday',
] as const
export type Family = (typeof FAMILIES)[number]
export type Words = (family: Family, word: string) => string

/** The page's word for one of the contract's; a newer server's unknown word is shown as it came, never hidden. */
export function useWords(): Words {
  const intl = useIntl()
  return useCallback(
    (family, word) => {
      const id = `${family}.${word}`
      return Object.hasOwn(intl.messages, id) ? plainWords(intl, id) : word
    },
    [intl],
  )
}
