import { useLive, useSecond } from '../console/seat.tsx'
import { Readiness } from './readiness.tsx'
import { SeatsNow } from './seats-now.tsx'
import { Unanswered } from './unanswered.tsx'

interface Props {
  readonly onOpen: (alarm: string) => void
  readonly onHome: (home: string) => void
}

/** A supervisor's view of what is wrong with reaching people, beside a queue nobody is working from right now. */
export function SeatOverview({ onOpen, onHome }: Props) {
  const { alarms } = useLive()
  const now = useSecond()
  return (
    <>
      <Unanswered alarms={[...alarms.values()].map(({ alarm }) => alarm)} now={now} onOpen={onOpen} />
      <SeatsNow alarms={[...alarms.values()].map(({ alarm }) => alarm)} now={now} />
      <Readiness onHome={onHome} />
    </>
  )
}
