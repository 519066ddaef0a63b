import type { AlarmDetail, AnswerBody } from '@anju/contract/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { againAfterMs, mayPass } from '../answer/use-answer.ts'
import { alarms, relative } from '../api/calls.ts'

/** A relative sees within two seconds who goes: the look that says nothing of anybody is cheap enough to be taken each second. */
const lookEveryMs = 1_000
/** What has no version of its own (a name that was corrected, a minute that has passed) is read so often all the same. */
const readEveryMs = 30_000

export interface FamilyAlarm {
  readonly detail: AlarmDetail | undefined
  readonly offline: boolean
  /** An answer was given and has not arrived yet. */
  readonly sending: boolean
  readonly problem: Error | null
  readonly give: (answer: AnswerBody) => void
}

/** One alarm as a relative follows it, and what they say to it. Both are asked again until a server answers. */
export function useFamilyAlarm(id: string): FamilyAlarm {
  const queries = useQueryClient()
  const queryKey = ['family-alarm', id]
  const read = useQuery({
    queryKey,
    queryFn: ({ signal }) => alarms.read(id, signal),
    refetchInterval: ({ state }) => (state.error ? againAfterMs : readEveryMs),
  })
  const look = useQuery({
    queryKey: ['family-look', id],
    queryFn: async ({ signal }) => {
      const { version } = await alarms.version(id, signal)
      const known = queries.getQueryData<AlarmDetail>(queryKey)
      if (known && version > known.version) await queries.invalidateQueries({ queryKey })
      return version
    },
    retry: false,
    refetchInterval: lookEveryMs,
  })
  const given = useMutation({
    mutationFn: async ({ answer, etaMinutes = 15 }: AnswerBody) => {
      if (answer === 'going') await relative.going(id, etaMinutes)
      else await relative.cannot(id)
    },
    networkMode: 'always',
    retry: (_tries, error) => mayPass(error),
    retryDelay: againAfterMs,
    // Said, and seen as said: the button waits until the page shows it.
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  })
  const failure = given.failureReason ?? look.error ?? read.error
  return {
    detail: read.data,
    offline: failure !== null && mayPass(failure),
    sending: given.isPending,
    problem: given.error ?? (read.data ? null : read.error),
    give: (answer) => given.mutate(answer),
  }
}
