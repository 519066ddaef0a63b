import type { Person } from '@anju/contract/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback } from 'react'
import { session } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { Waiting } from '../frame/waiting.tsx'
import { useText } from '../i18n/locale.tsx'
import { LoginPage } from './login-page.tsx'

// Each role loads its own page: a relative's phone does not carry the operator's console.
const ConsolePage = lazy(async () => ({ default: (await import('../console/console-page.tsx')).ConsolePage }))
const FamilyPage = lazy(async () => ({ default: (await import('../family/family-page.tsx')).FamilyPage }))
const FieldPage = lazy(async () => ({ default: (await import('../fieldwork/field-page.tsx')).FieldPage }))

const sessionKey = ['session']

/** Asks who is here, and shows the page of that person's role. */
export function SessionGate() {
  const t = useText()
  const queries = useQueryClient()
  const who = useQuery({
    queryKey: sessionKey,
    queryFn: async () => {
      try {
        return await session.read()
      } catch (error) {
        if (error instanceof Refusal && error.status === 401) return null
        throw error
      }
    },
    // The server is starting or unreachable: the page asks until it answers.
    refetchInterval: (query) => (query.state.status === 'error' ? 2_000 : false),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const enter = useCallback((person: Person) => queries.setQueryData(sessionKey, person), [queries])
  const leave = useCallback(() => {
    queries.setQueryData(sessionKey, null)
    // Nothing of one person's work is left in memory for the next.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
    queries.getMutationCache().clear()
  }, [queries])
  /** The server no longer knows the session: ask again rather than believe one answer. */
  const doubt = useCallback(() => void queries.invalidateQueries({ queryKey: sessionKey }), [queries])

  if (who.isPending) return <Waiting text={t('frame.loading')} />
  if (who.isError) return <Waiting text={t('frame.unreachable')} alert />
  if (who.data === null) return <LoginPage onEnter={enter} />
  const { role } = who.data
  const Page = role === 'family' ? FamilyPage : role === 'operator' || role === 'supervisor' ? ConsolePage : FieldPage
  return (
    <Suspense fallback={<Waiting text={t('frame.loading')} />}>
      <Page key={who.data.session} me={who.data} onLeave={leave} onDoubt={doubt} />
    </Suspense>
  )
}
