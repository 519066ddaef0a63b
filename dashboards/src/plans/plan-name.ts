import type { StoredPlan } from '@anju/contract/api'
import { useCallback } from 'react'
import { useText } from '../i18n/locale.tsx'
import { useWords } from '../i18n/words.ts'

type Scope = Pick<StoredPlan, 'home' | 'type' | 'class'>
export interface PlanName {
  readonly what: string
  readonly where: string
}

/** What a plan is called, since it has no name of its own: for what, and for whom. */
export function usePlanName(): (scope: Scope) => PlanName {
  const t = useText()
  const words = useWords()
  return useCallback(
    ({ home, type, class: of }) => ({
      what: type !== null ? words('event', type) : t('plans.class', { class: words('class', of ?? '') }),
      where: home === null ? t('plans.all-homes') : t('plans.home', { home }),
    }),
    [t, words],
  )
}

export const inOne = ({ what, where }: PlanName): string => `${what} · ${where}`
