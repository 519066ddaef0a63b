import type { AtConsole } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { consoles } from '../api/calls.ts'
import { useLive, useSeat } from '../console/seat.tsx'

/** Somebody else who is at a console, and how much they have in hand already. */
export interface ColleagueThere extends AtConsole {
  readonly holds: number
}
export interface Colleagues {
  /** Undefined until it is known. */
  readonly there: readonly ColleagueThere[] | undefined
  readonly error: unknown
}

/** People come and go while somebody hands over. */
const lookEveryMs = 10_000

/** Who could take an alarm on now: who has least in hand first. */
export function useColleagues(): Colleagues {
  const { me } = useSeat()
  const { alarms, link } = useLive()
  const read = useQuery({
    queryKey: ['consoles'],
    queryFn: ({ signal }) => consoles.there(signal),
    refetchInterval: lookEveryMs,
    staleTime: 0,
    enabled: link !== 'lost',
  })
  const held = new Map<string, number>()
  for (const { alarm } of alarms.values())
    if (alarm.owner && alarm.handling !== 'closed')
      held.set(alarm.owner.personId, (held.get(alarm.owner.personId) ?? 0) + 1)
  const there = read.data
    ?.filter(({ personId }) => personId !== me.personId)
    .map((one) => ({ ...one, holds: held.get(one.personId) ?? 0 }))
    .sort((a, b) => a.holds - b.holds)
  return { there, error: read.isError ? read.error : null }
}
