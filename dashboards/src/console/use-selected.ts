import type { Alarm } from '@anju/contract/api'
import { useCallback, useState } from 'react'
import { useLive } from './seat.tsx'

/** Which alarm is on the desk, and whether the list of the recently closed lies beneath it. */
export interface Selected {
  readonly id: string | null
  readonly alarm: Alarm | undefined
  /** It is on the desk and in no queue: closed a while ago, or one of an outage's many. */
  readonly apart: boolean
  readonly closedList: boolean
  /** One of the queue, by its id. */
  readonly select: (id: string | null) => void
  /** Any alarm, wherever it was found. */
  readonly open: (alarm: Alarm) => void
  readonly back: () => void
  readonly showClosed: (shown: boolean) => void
}

export function useSelected(): Selected {
  const { alarms } = useLive()
  const [id, setId] = useState<string | null>(null)
  const [found, setFound] = useState<Alarm | null>(null)
  /** The one that lay there before another was opened from it: the way back. */
  const [from, setFrom] = useState<Alarm | null>(null)
  const [closedList, setClosedList] = useState(false)
  const known = id === null ? undefined : alarms.get(id)?.alarm
  const kept = found !== null && found.id === id ? found : undefined
  // What the stream says of it is kept, too: it forgets a closed alarm within the second.
  if (known && kept && known.version > kept.version) setFound(known)

  const alarm = known ?? kept

  const select = useCallback((next: string | null) => {
    setClosedList(false)
    setFrom(null)
    setId(next)
  }, [])
  function open(next: Alarm): void {
    setFrom(alarm ?? null)
    setFound(next)
    setId(next.id)
    // Where it has a row, that is where its keys live.
    document.querySelector<HTMLElement>(`[data-row="${next.id}"]`)?.focus()
  }
  function back(): void {
    setFound(from)
    setId(from?.id ?? null)
    setFrom(null)
  }
  function showClosed(shown: boolean): void {
    setClosedList(shown)
    setFrom(null)
    if (shown) setId(null)
  }
  return {
    id,
    alarm,
    apart: known === undefined && kept !== undefined,
    closedList,
    select,
    open,
    back,
    showClosed,
  }
}
