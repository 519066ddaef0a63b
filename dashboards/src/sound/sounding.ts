import type { Known } from '../live/live-state.ts'

/** A person silences one alarm only, and never for longer than this. */
export const silenceForMs = 30_000
/** How long one further press of an alarm somebody holds is sounded at the seat that holds it. */
export const againForMs = 10_000
/** Unclaimed for so long: louder. */
export const louderAfterMs = 30_000

export interface Silence {
  readonly at: number
  readonly until: number
}
export interface Sounding {
  readonly id: string
  readonly why: 'unclaimed' | 'again'
  readonly loud: boolean
}

interface Room {
  readonly alarms: Iterable<Known>
  readonly silences: ReadonlyMap<string, Silence>
  /** This seat's session. */
  readonly session: string
  /** The page's clock, as `againAt` and `silences` are. */
  readonly now: number
  /** The server's clock, as the instants of alarms are. */
  readonly serverNow: number
}

export const needsPerson = (alarm: Known['alarm']): boolean => alarm.class === 'life' || alarm.class === 'hazard'

/**
 * Which alarms must be heard at this seat now: life and hazard while nobody has claimed them, and each further
 * occurrence at the seat that holds them. There is no mute for all of them.
 */
export function soundingAt({ alarms, silences, session, now, serverNow }: Room): Sounding[] {
  const heard: Sounding[] = []
  for (const { alarm, againAt } of alarms) {
    if (!needsPerson(alarm) || alarm.handling === 'closed') continue
    const silence = silences.get(alarm.id)
    // Pressing again breaks a silence: it is news, not the noise the operator turned away from.
    if (silence && now < silence.until && (againAt === null || againAt <= silence.at)) continue
    if (alarm.handling === 'new') {
      heard.push({
        id: alarm.id,
        why: 'unclaimed',
        loud: serverNow - Date.parse(alarm.receivedAt) >= louderAfterMs,
      })
    } else if (againAt !== null && now - againAt < againForMs) {
      const here = alarm.owner === null || alarm.owner.session === session
      if (here) heard.push({ id: alarm.id, why: 'again', loud: false })
    }
  }
  return heard
}
