import { useEffect, useRef } from 'react'
import { alarms } from '../api/calls.ts'
import { useLive, useSeat } from './seat.tsx'

/**
 * Tells the server which alarms this page has painted: rung L3, said while no console has reached it. After two frames:
 * the first commits, the second is on the glass. A hidden tab paints nothing and says nothing.
 */
export function useShown(): void {
  const { live, consoleId } = useSeat()
  const { alarms: known } = useLive()
  const told = useRef(new Set<string>())
  const waiting = useRef(false)

  useEffect(() => {
    // One round at a time: a flood of changes must not put off the telling of the first.
    if (known.size === 0 || waiting.current) return
    const tell = () => {
      waiting.current = false
      for (const { alarm } of live.view().alarms.values()) {
        if (alarm.handling === 'closed' || alarm.class === 'info' || alarm.ladder.L3 !== null) continue
        if (told.current.has(alarm.id)) continue
        told.current.add(alarm.id)
        // Not told is told again at the next change; the rung is the server's first word of any console.
        alarms.shown(alarm.id, consoleId).catch(() => told.current.delete(alarm.id))
      }
      for (const id of told.current) if (!live.view().alarms.has(id)) told.current.delete(id)
    }
    waiting.current = true
    requestAnimationFrame(() => requestAnimationFrame(tell))
  }, [known, live, consoleId])
}
