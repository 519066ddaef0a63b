import type { Alarm } from '@anju/contract/api'
import { useCallback, useState } from 'react'
import type { LiveView } from '../live/live-store.ts'
import { useKnown, useSeat } from './seat.tsx'

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

interface OnDesk {
  readonly id: string | null
  readonly found: Alarm | null
  /** The one that lay there before another was opened from it: the way back. */
  readonly from: Alarm | null
}
const keptOf = ({ id, found }: OnDesk): Alarm | undefined => (found !== null && found.id === id ? found : undefined)
const alarmOf = (desk: OnDesk, alarms: LiveView['alarms']): Alarm | undefined =>
  (desk.id === null ? undefined : alarms.get(desk.id)?.alarm) ?? keptOf(desk)

/** What it hands out to be called stays the same, so that a key does not paint the incident for the sake of a row. */
export function useSelected(): Selected {
  const { live } = useSeat()
  const [desk, setDesk] = useState<OnDesk>({ id: null, found: null, from: null })
  const [closedList, setClosedList] = useState(false)
  const { id } = desk
  const known = useKnown(id)?.alarm
  const kept = keptOf(desk)
  // What the stream says of it is kept, too: it forgets a closed alarm within the second.
  if (known && kept && known.version > kept.version) setDesk({ ...desk, found: known })

  const select = useCallback((next: string | null) => {
    setClosedList(false)
    setDesk(({ found }) => ({ id: next, found, from: null }))
  }, [])
  const open = useCallback(
    (next: Alarm) => {
      setDesk((before) => ({ id: next.id, found: next, from: alarmOf(before, live.told().alarms) ?? null }))
      // Where it has a row, that is where its keys live.
      document.querySelector<HTMLElement>(`[data-row="${next.id}"]`)?.focus()
    },
    [live],
  )
  const back = useCallback(() => setDesk(({ from }) => ({ id: from?.id ?? null, found: from, from: null })), [])
  const showClosed = useCallback((shown: boolean) => {
    setClosedList(shown)
    setDesk(({ id, found }) => ({ id: shown ? null : id, found, from: null }))
  }, [])
  return {
    id,
    alarm: known ?? kept,
    apart: known === undefined && kept !== undefined,
    closedList,
    select,
    open,
    back,
    showClosed,
  }
}
