import { useEffect, useRef } from 'react'
import { alarms } from '../api/calls.ts'
import { sectionsOf, technicalRowsMax } from '../queue/queue-order.ts'
import { useLive, useSeat } from './seat.tsx'

/** A power cut brings hundreds of alarms at once: telling of them must leave room for the operator's own commands. */
const inFlightMax = 2

/**
 * Tells the server which alarms this page has painted: rung L3, said while no console has reached it, life first. After
 * two frames: the first commits, the second is on the glass. A hidden tab paints nothing and says nothing.
 */
export function useShown(): void {
  const { live, consoleId } = useSeat()
  const { alarms: known } = useLive()
  const told = useRef(new Set<string>())
  const waiting = useRef(false)

  useEffect(() => {
    let inFlight = 0
    function tellNext(): void {
      const { people, parked, technical } = sectionsOf([...live.view().alarms.values()].map(({ alarm }) => alarm))
      for (const alarm of [...people, ...parked, ...technical.slice(0, technicalRowsMax)]) {
        if (inFlight >= inFlightMax) return
        if (alarm.ladder.L3 !== null || told.current.has(alarm.id)) continue
        told.current.add(alarm.id)
        inFlight++
        alarms
          .shown(alarm.id, consoleId)
          // Not told is told again at the next change.
          .catch(() => told.current.delete(alarm.id))
          .finally(() => {
            inFlight--
            tellNext()
          })
      }
    }
    function tell(): void {
      waiting.current = false
      for (const id of told.current) if (!live.view().alarms.has(id)) told.current.delete(id)
      tellNext()
    }
    // One round at a time: a flood of changes must not put off the telling of the first.
    if (known.size === 0 || waiting.current) return
    waiting.current = true
    requestAnimationFrame(() => requestAnimationFrame(tell))
  }, [known, live, consoleId])
}
