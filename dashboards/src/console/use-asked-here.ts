import type { Alarm } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { consoles } from '../api/calls.ts'
import { isHeard } from '../sound/sounding.ts'
import { useLive, useSitting } from './seat.tsx'

/** The stream says at once what a step asks; the ledger what was asked before this page was loaded, and with the alarm itself. */
const lookEveryMs = 5_000

/** Those that nobody has taken and that are asked for at this seat by its name. */
export function useAskedHere(): ReadonlySet<string> {
  const seat = useSitting()
  const { alarms, link } = useLive()
  const here = seat?.id
  const waiting = useMemo(
    () => (here === undefined ? [] : [...alarms.values()].filter(({ alarm }) => waits(alarm))),
    [alarms, here],
  )
  const { data } = useQuery({
    queryKey: ['asked-here', here],
    queryFn: ({ signal }) => consoles.asked(signal),
    refetchInterval: lookEveryMs,
    staleTime: 0,
    enabled: waiting.length > 0 && link !== 'lost',
  })
  return useMemo(() => {
    if (waiting.length === 0) return NONE
    const asked = new Set(data?.map(({ alarm }) => alarm))
    return new Set(
      waiting
        .filter((known) => asked.has(known.alarm.id) || known.asked?.consoles.some(({ id }) => id === here))
        .map(({ alarm }) => alarm.id),
    )
  }, [data, here, waiting])
}

const NONE: ReadonlySet<string> = new Set()
const waits = (alarm: Alarm): boolean => alarm.handling === 'new' && isHeard(alarm)
