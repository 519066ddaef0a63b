import { useQuery } from '@tanstack/react-query'
import { alarms } from '../api/calls.ts'
import { useNow } from '../time/use-now.ts'
import { Readiness } from './readiness.tsx'
import { Unanswered } from './unanswered.tsx'

const everyMs = 5_000

/** The same for who has no seat and no stream. */
export function CentreOverview({ onHome }: { readonly onHome: (home: string) => void }) {
  const { data } = useQuery({
    queryKey: ['overview-alarms'],
    queryFn: ({ signal }) => alarms.open(signal),
    refetchInterval: everyMs,
  })
  const now = useNow()
  return (
    <>
      <Unanswered alarms={data ?? []} now={now} />
      <Readiness onHome={onHome} />
    </>
  )
}
