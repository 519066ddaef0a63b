import type { Changed, HomeDetail } from '@anju/contract/api'
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { homes } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { pageClock } from '../edge/page-clock.ts'
import { type Text, useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import { readEveryMs } from './tested.ts'

const keyOf = (home: string) => ['home', home, 'people']

interface Looking {
  /** Until when the answer to a test is awaited. */
  readonly awaitedUntil: number
  readonly hidden: boolean
}

export const useHome = (home: string, { awaitedUntil, hidden }: Looking): UseQueryResult<HomeDetail> =>
  useQuery({
    queryKey: keyOf(home),
    queryFn: ({ signal }) => homes.read(home, signal),
    // Nobody looks at what is hidden; it is read anew when it comes into sight again.
    enabled: !hidden,
    // Asked anew after each look: the end of waiting needs no clock of its own.
    refetchInterval: () => readEveryMs(awaitedUntil, pageClock.now()),
    // Who looked at whom is a record: what was read is not kept for a later look.
    gcTime: 0,
  })

export interface Act {
  readonly busy: boolean
  /** What kept the last one from being done; empty when nothing did. */
  readonly problem: string
  /** What another has written since it was read, where that was the reason: a form asks which of the two shall be. */
  readonly changed: Changed | null
  /** Does it, and reads the home anew. @returns whether it was done. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>
}

/** One thing that is done to a home at a time. */
export function useAct(home: string): Act {
  const t = useText()
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false
    setBusy(true)
    setError(null)
    try {
      await work()
      await queries.invalidateQueries({ queryKey: ['home', home] })
      void queries.invalidateQueries({ queryKey: ['readiness'] })
      return true
    } catch (refusal) {
      setError(refusal)
      // Refused is often: it is no longer as it is shown here.
      void queries.invalidateQueries({ queryKey: ['home', home] })
      return false
    } finally {
      setBusy(false)
    }
  }
  const changed = (error instanceof Refusal && error.changed) || null
  return { busy, problem: error === null ? '' : sayOf(t, error), changed, run }
}

/** In words of this page where the general ones are about alarms. */
function sayOf(t: Text, error: unknown): string {
  if (!(error instanceof Refusal)) return sentenceOf(t, error)
  if (error.code === 'transition-refused') return t('homes.test-withdrawn')
  if (error.code !== 'request-malformed') return sentenceOf(t, error)
  if (error.detail.startsWith('way:')) return t('homes.no-provider')
  if (error.detail.startsWith('body/ways')) return t('homes.address-refused')
  return sentenceOf(t, error)
}
