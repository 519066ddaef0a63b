import type { Alarm, AskedConsole, GatewayStatus, LiveItem } from '@anju/contract/api'
import { assertNever } from '@anju/contract/brands'

/** One alarm as this page knows it. */
export interface Known {
  readonly alarm: Alarm
  /** When this page last heard it happen again (a further occurrence that rings), by the page's clock; null: never. */
  readonly againAt: number | null
  /** Whose consoles the escalation last asked about it, and when this page heard so, by the page's clock. */
  readonly asked: { readonly at: number; readonly consoles: readonly AskedConsole[] } | null
  /** Which change of this page's state touched it last; orders it against a list that was asked for meanwhile. */
  readonly touched: number
  /** Why it came to be as it is, in the stream's own word; `listed` and `answered` where the stream was not the source. */
  readonly cause: string
}

export interface LiveState {
  readonly alarms: ReadonlyMap<string, Known>
  readonly gateways: ReadonlyMap<string, GatewayStatus>
  readonly store: 'ok' | 'degraded'
  readonly telemetry: 'ok' | 'degraded'
  /** The last item of the numbered stream that was taken in. */
  readonly lastId: string | null
  /** How many changes were taken in. */
  readonly changes: number
  /** Grows whenever the list of open alarms must be read again: at the start, after a gap, after a reset. */
  readonly listWanted: number
  /** The `listWanted` that has been answered. */
  readonly listRead: number
  /** Gaps seen in the stream. */
  readonly gaps: number
}

export type LiveInput =
  | { readonly type: 'placed'; readonly at: string }
  | { readonly type: 'item'; readonly id: string | null; readonly item: LiveItem; readonly at: number }
  /** The open alarms, asked for when `changes` was `asked` and for the wish `wanted`. */
  | {
      readonly type: 'listed'
      readonly alarms: readonly Alarm[]
      readonly asked: number
      readonly wanted: number
      readonly at: number
    }
  /** The answer of a command of this page: as good as an item of the stream. */
  | { readonly type: 'answered'; readonly alarm: Alarm; readonly at: number }
  /** Closed alarms whose undo is over are forgotten. `at` is the server's time. */
  | { readonly type: 'forget'; readonly at: number }

export const nothingKnown: LiveState = {
  alarms: new Map(),
  gateways: new Map(),
  store: 'ok',
  telemetry: 'ok',
  lastId: null,
  changes: 0,
  listWanted: 0,
  listRead: 0,
  gaps: 0,
}

/** Takes in one thing heard. Two copies of one alarm are ordered by version, whichever way they came. */
export function take(state: LiveState, input: LiveInput): LiveState {
  switch (input.type) {
    case 'placed':
      // What happened before this place is unknown: the list is read now that the stream stands.
      return { ...state, lastId: input.at, listWanted: state.listWanted + 1 }
    case 'item':
      return takeItem(state, input.id, input.item, input.at)
    case 'listed':
      return takeList(state, input)
    case 'answered':
      return withAlarm(state, input.alarm, 'answered', input.at)
    case 'forget':
      return forget(state, input.at)
    default:
      return assertNever(input)
  }
}

function takeItem(state: LiveState, id: string | null, item: LiveItem, at: number): LiveState {
  if (item.event === 'status') {
    const { store, telemetry } = item.data
    return store === state.store && telemetry === state.telemetry ? state : { ...state, store, telemetry }
  }
  // Too old to be replayed: the stream stands somewhere else now.
  if (item.event === 'reset') return { ...state, lastId: id, listWanted: state.listWanted + 1 }
  if (id !== null && id === state.lastId) return state
  const gap = state.lastId !== null && item.data.prev !== state.lastId
  const placed: LiveState = {
    ...state,
    lastId: id,
    ...(gap ? { listWanted: state.listWanted + 1, gaps: state.gaps + 1 } : {}),
  }
  switch (item.event) {
    case 'alarm':
    case 'alarm-closed':
      return withAlarm(placed, item.data.alarm, item.data.cause, at, item.data.asked)
    case 'gateway':
      return { ...placed, gateways: new Map(placed.gateways).set(item.data.gateway.id, item.data.gateway) }
    default:
      return placed
  }
}

function withAlarm(
  state: LiveState,
  alarm: Alarm,
  cause: string,
  at: number,
  asked: readonly AskedConsole[] = [],
): LiveState {
  const known = state.alarms.get(alarm.id)
  if (known && known.alarm.version >= alarm.version) return state
  const changes = state.changes + 1
  const next = renewed(known, alarm, cause, changes, at)
  const alarms = new Map(state.alarms).set(
    alarm.id,
    asked.length > 0 ? { ...next, asked: { at, consoles: asked } } : next,
  )
  return { ...state, alarms, changes }
}

function renewed(known: Known | undefined, alarm: Alarm, cause: string, touched: number, at: number): Known {
  const again = known !== undefined && ringing(alarm) > ringing(known.alarm)
  return { alarm, cause, touched, againAt: again ? at : (known?.againAt ?? null), asked: known?.asked ?? null }
}

/** What came late and was pressed before somebody took the alarm is shown, and is no press of this moment. */
const ringing = ({ occurrences, lateAgain }: Alarm): number => occurrences - (lateAgain?.quiet ?? 0)

/** The list is the truth of when it was asked for: what it lacks is gone, unless the stream spoke of it since. */
function takeList(state: LiveState, input: Extract<LiveInput, { type: 'listed' }>): LiveState {
  const changes = state.changes + 1
  const alarms = new Map<string, Known>()
  for (const [id, known] of state.alarms)
    if (known.touched > input.asked || known.alarm.handling === 'closed') alarms.set(id, known)
  for (const alarm of input.alarms) {
    const known = state.alarms.get(alarm.id)
    const newer = !known || alarm.version > known.alarm.version
    alarms.set(alarm.id, newer ? renewed(known, alarm, 'listed', changes, input.at) : known)
  }
  return { ...state, alarms, changes, listRead: Math.max(state.listRead, input.wanted) }
}

function forget(state: LiveState, at: number): LiveState {
  const gone = [...state.alarms.values()].filter(({ alarm }) => {
    const until = alarm.undoUntil ?? alarm.closedAt
    return alarm.handling === 'closed' && (until === null || Date.parse(until) < at)
  })
  if (gone.length === 0) return state
  const alarms = new Map(state.alarms)
  for (const { alarm } of gone) alarms.delete(alarm.id)
  return { ...state, alarms }
}
