import { useEffect } from 'react'
import { alarms } from '../api/calls.ts'
import { queueOf, technicalRowsMax } from '../queue/queue-order.ts'
import { useSeat } from './seat.tsx'

/** A power cut brings hundreds of alarms at once: telling of them must leave room for the operator's own commands. */
const inFlightMax = 2

/**
 * Tells the server which alarms this page has painted: rung L3, said while no console has reached it, life first. After
 * two frames: the first commits, the second is on the glass. A hidden tab paints nothing and says nothing.
 */
export function useShown(): void {
  const { me, live, consoleId } = useSeat()

  useEffect(() => {
    const told = new Set<string>()
    let waiting = false
    let inFlight = 0
    function tellNext(): void {
      const { people, parked, technical } = queueOf(live.view().alarms, me.personId)
      for (const alarm of [...people, ...parked, ...technical.slice(0, technicalRowsMax)]) {
        if (inFlight >= inFlightMax) return
        if (alarm.ladder.L3 !== null || told.has(alarm.id)) continue
        told.add(alarm.id)
        inFlight++
        void tellOne(alarm.id)
      }
    }
    async function tellOne(id: string): Promise<void> {
      const heard = await alarms.shown(id, consoleId).then(
        () => true,
        () => false,
      )
      inFlight--
      if (heard) return tellNext()
      // Told again at the next change or the next second: at once would be without end while nobody answers.
      told.delete(id)
    }
    function tell(): void {
      waiting = false
      for (const id of told) if (!live.view().alarms.has(id)) told.delete(id)
      tellNext()
    }
    /** One round at a time: a flood of changes must not put off the telling of the first. */
    function look(): void {
      const { alarms: known, link } = live.told()
      if (known.size === 0 || link === 'lost' || waiting) return
      waiting = true
      requestAnimationFrame(() => requestAnimationFrame(tell))
    }
    look()
    const stops = [live.subscribe(look), live.onTick(look)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [me.personId, live, consoleId])
}
