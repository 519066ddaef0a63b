import type { EscalationView } from '@anju/contract/api'
import { useWords } from '../i18n/words.ts'
import { useSeats } from './seat-choice.tsx'

type Target = NonNullable<EscalationView['next']>['targets'][number]

/** Whom a step means, in words: a seat by its own name. */
export function useTargetName(): (target: Target) => string {
  const words = useWords()
  const { data } = useSeats()
  return (target) =>
    (target.to === 'seat' ? data?.find(({ id }) => id === target.seat)?.name : undefined) ?? words('target', target.to)
}
