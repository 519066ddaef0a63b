import { useCallback, useEffect, useMemo, useState } from 'react'
import { useSeat, useSecond } from '../console/seat.tsx'
import { tab } from '../edge/page-store.ts'

/** A page cannot see a muted loudspeaker: the operator is asked again so often. */
const hearCheckMs = 2 * 3_600_000
/** Unanswered for so long, the seat counts as deaf. */
const hearCheckGraceMs = 5 * 60_000

export interface Shift {
  /** When the operator said that they hear the tone, by the server's clock; null: the shift has not begun. */
  readonly startedAt: number | null
  readonly hearing: 'confirmed' | 'asked' | 'deaf'
  /** The operator says: I heard it. */
  readonly heard: () => void
}

export function useShift(): Shift {
  const { me, live } = useSeat()
  const now = useSecond()
  const name = `shift.${me.session}`
  const [{ startedAt, heardAt }, setShift] = useState(() => shiftIn(tab.read(name)))
  useWakeLock(startedAt !== null)
  const heard = useCallback(() => {
    setShift((before) => {
      const after = { startedAt: before.startedAt ?? live.serverNow(), heardAt: live.serverNow() }
      tab.write(name, JSON.stringify(after))
      return after
    })
  }, [live, name])
  const age = heardAt === null ? Number.POSITIVE_INFINITY : now - heardAt
  const hearing = age < hearCheckMs ? 'confirmed' : age < hearCheckMs + hearCheckGraceMs ? 'asked' : 'deaf'
  return useMemo(() => ({ startedAt, hearing, heard }), [startedAt, hearing, heard])
}

function shiftIn(text: string | null): { startedAt: number | null; heardAt: number | null } {
  try {
    const { startedAt, heardAt } = JSON.parse(text ?? '') as { startedAt: unknown; heardAt: unknown }
    if (typeof startedAt === 'number' && typeof heardAt === 'number') return { startedAt, heardAt }
  } catch {
    // Nothing remembered: the shift begins at the gate.
  }
  return { startedAt: null, heardAt: null }
}

/** Keeps the screen from sleeping through a quiet night; asked for again whenever the tab comes back. */
function useWakeLock(on: boolean): void {
  useEffect(() => {
    if (!on || !('wakeLock' in navigator)) return undefined
    let lock: WakeLockSentinel | undefined
    let over = false
    const ask = async () => {
      if (document.visibilityState !== 'visible') return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (over) await lock.release()
      } catch {
        // The machine says no (battery saver): the screen may dim, the sound stays.
      }
    }
    const again = () => void ask()
    again()
    document.addEventListener('visibilitychange', again)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', again)
      void lock?.release()
    }
  }, [on])
}
