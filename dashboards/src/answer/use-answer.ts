import type { AnswerBody, AnswerView } from '@anju/contract/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { answers } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { newKey } from '../edge/page-random.ts'

const everyMs = 5_000
export const againAfterMs = 2_000

export interface Answering {
  readonly view: AnswerView | undefined
  /** The link is none, or not any more. */
  readonly unknown: boolean
  readonly offline: boolean
  /** An answer was given and has not arrived yet. */
  readonly sending: boolean
  readonly problem: Error | null
  readonly give: (answer: AnswerBody) => void
}

/** A refusal is final; a network that is away, or a server that cannot now, is asked until it answers. */
export const mayPass = (error: Error): boolean =>
  error instanceof Refusal && (error.status === 0 || error.status >= 500)
const isUnknown = (error: Error | null): boolean =>
  error instanceof Refusal && (error.code === 'answer-unknown' || error.code === 'request-malformed')

/** What is asked, kept fresh, and the way the answer takes. One press is one key: however often it is sent, it is done once. */
export function useAnswer(secret: string): Answering {
  const queries = useQueryClient()
  const queryKey = ['answer', secret]
  const read = useQuery({
    queryKey,
    queryFn: () => answers.read(secret),
    retry: false,
    refetchInterval: ({ state }) => (isUnknown(state.error) ? false : state.error ? againAfterMs : everyMs),
  })
  const given = useMutation({
    mutationFn: ({ answer, key }: { readonly answer: AnswerBody; readonly key: string }) =>
      answers.give(secret, answer, key),
    networkMode: 'always',
    retry: (_tries, error) => mayPass(error),
    retryDelay: againAfterMs,
    onSuccess: (view) => queries.setQueryData(queryKey, view),
  })
  const tellSeen = useRef(true)
  const shown = read.data !== undefined
  useEffect(() => {
    if (!shown || !tellSeen.current) return
    tellSeen.current = false
    // Whoever follows links before people do (a messenger's preview) runs no page. That it was seen is worth no retry.
    answers.give(secret, { answer: 'seen' }, newKey()).catch(() => undefined)
  }, [shown, secret])

  const failure = given.failureReason ?? read.error
  return {
    view: read.data,
    unknown: isUnknown(read.error),
    offline: failure !== null && mayPass(failure),
    sending: given.isPending,
    problem: given.error ?? read.error,
    give: (answer) => given.mutate({ answer, key: newKey() }),
  }
}
