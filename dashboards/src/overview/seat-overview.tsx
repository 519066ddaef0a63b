import { useLive, useSecond } from '../console/seat.tsx'
import { Readiness } from './readiness.tsx'
import { Unanswered } from './unanswered.tsx'

/** A supervisor's view of what is wrong with reaching people, beside a queue nobody is working from right now. */
export function SeatOverview({ onOpen }: { readonly onOpen: (id: string) => void }) {
  const { alarms } = useLive()
  const now = useSecond()
  return (
    <>
      <Unanswered alarms={[...alarms.values()].map(({ alarm }) => alarm)} now={now} onOpen={onOpen} />
      <Readiness />
    </>
  )
}
