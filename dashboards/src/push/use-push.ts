import type { Way } from '@anju/contract/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { push } from '../api/calls.ts'
import { askPermission, bodyOf, isSupported, permission, subscribe, subscription } from './browser-push.ts'

/** Whether this browser rings when somebody is asked to go, and if not, what is in the way. */
export type PushState =
  | { readonly is: 'unsupported' | 'blocked' | 'not-asked' }
  | { readonly is: 'off'; readonly publicKey: string }
  | { readonly is: 'on'; readonly publicKey: string; readonly way: Way }

export interface Push {
  readonly state: PushState | undefined
  readonly busy: boolean
  readonly problem: Error | null
  readonly turnOn: () => void
  readonly turnOff: () => void
}

export function usePush(session: string): Push {
  const queries = useQueryClient()
  const queryKey = ['push', session]
  const read = useQuery({ queryKey, queryFn: readState, staleTime: Number.POSITIVE_INFINITY })
  const keep = (state: PushState) => queries.setQueryData(queryKey, state)
  const on = useMutation({ mutationFn: turnOn, onSuccess: keep })
  const off = useMutation({ mutationFn: turnOff, onSuccess: keep })
  const state = read.data
  return {
    state,
    busy: on.isPending || off.isPending,
    problem: on.error ?? off.error ?? read.error,
    turnOn: () => state?.is === 'off' && on.mutate(state.publicKey),
    turnOff: () => state?.is === 'on' && off.mutate(state),
  }
}

async function readState(): Promise<PushState> {
  if (!isSupported()) return { is: 'unsupported' }
  const { publicKey, asked } = await push.about()
  if (!asked) return { is: 'not-asked' }
  if (permission() === 'denied') return { is: 'blocked' }
  const found = await subscription(publicKey)
  return found ? said(found, publicKey) : { is: 'off', publicKey }
}

/** Told at every visit, so that the browser used last is the one that rings. One that died asks for another address, once. */
async function said(given: PushSubscription, publicKey: string): Promise<PushState> {
  const way = await push.subscribe(bodyOf(given))
  if (way.dead === null) return { is: 'on', publicKey, way }
  await given.unsubscribe()
  const again = await push.subscribe(bodyOf(await subscribe(publicKey)))
  return again.dead === null ? { is: 'on', publicKey, way: again } : { is: 'off', publicKey }
}

async function turnOn(publicKey: string): Promise<PushState> {
  const answer = await askPermission()
  if (answer === 'denied') return { is: 'blocked' }
  return answer === 'granted' ? said(await subscribe(publicKey), publicKey) : { is: 'off', publicKey }
}

/** First at the centre: a browser that has forgotten while the centre still counts on it would be the wrong way round. */
async function turnOff({ publicKey, way }: Extract<PushState, { is: 'on' }>): Promise<PushState> {
  await push.unsubscribe(way.id)
  await (await subscription(publicKey))?.unsubscribe()
  return { is: 'off', publicKey }
}
