import { seconds } from '@anju/contract/time'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { alarms } from '../api/calls.ts'
import { pageClock } from '../edge/page-clock.ts'
import { Readiness } from './readiness.tsx'
import { Unanswered } from './unanswered.tsx'

const everyMs = 5_000

/** The same for who has no seat and no stream. */
export function CentreOverview() {
  const { data } = useQuery({
    queryKey: ['overview-alarms'],
    queryFn: ({ signal }) => alarms.open(signal),
    refetchInterval: everyMs,
  })
  const now = useNow()
  return (
    <>
      <Unanswered alarms={data ?? []} now={now} />
      <Readiness />
    </>
  )
}

function useNow(): number {
  const [now, setNow] = useState<number>(() => pageClock.now())
  useEffect(() => {
    const timer = pageClock.every(seconds(1), () => setNow(pageClock.now()))
    return () => timer.cancel()
  }, [])
  return now
}
