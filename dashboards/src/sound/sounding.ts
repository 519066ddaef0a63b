import type { Person } from '@anju/contract/api'
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
  readonly why: 'unclaimed' | 'again' | 'asked' | 'offered'
  readonly loud: boolean
}

interface Room {
  readonly alarms: Iterable<Known>
  readonly silences: ReadonlyMap<string, Silence>
  /** Who sits here. */
  readonly me: Pick<Person, 'session' | 'personId' | 'centre' | 'seat'>
  /** The page's clock, as `againAt` and `silences` are. */
  readonly now: number
  /** The server's clock, as the instants of alarms are. */
  readonly serverNow: number
}

export const needsPerson = (alarm: Known['alarm']): boolean => alarm.class === 'life' || alarm.class === 'hazard'

/** A step that is late means a life alarm that nobody is asked about: it is heard, though it is the system's own trouble. */
export const isHeard = (alarm: Known['alarm']): boolean => needsPerson(alarm) || alarm.type === 'escalation-late'

/**
 * Which alarms must be heard at this seat now: life and hazard, and that a step of their escalation is late, while nobody has claimed them; and where somebody has, each
 * further occurrence at the seat that holds them, each step of the escalation that asks for this seat, and that a colleague wants
 * whoever sits here to take it on. There is no mute for all of them.
 */
export function soundingAt({ alarms, silences, me, now, serverNow }: Room): Sounding[] {
  const heard: Sounding[] = []
  for (const known of alarms) {
    const { alarm, againAt } = known
    if (!isHeard(alarm) || alarm.handling === 'closed') continue
    const silence = silences.get(alarm.id)
    const askedAt = askedHere(known, me)
    const offeredAt = offeredHere(alarm, me, now - serverNow)
    const newsAt = Math.max(againAt ?? Number.NEGATIVE_INFINITY, askedAt, offeredAt)
    // Pressing again, or being asked anew, breaks a silence: it is news, not the noise the operator turned away from.
    if (silence && now < silence.until && newsAt <= silence.at) continue
    if (alarm.handling === 'new') {
      heard.push({
        id: alarm.id,
        why: 'unclaimed',
        loud: serverNow - Date.parse(alarm.receivedAt) >= louderAfterMs,
      })
    } else if (now - offeredAt < againForMs) {
      heard.push({ id: alarm.id, why: 'offered', loud: false })
    } else if (againAt !== null && now - againAt < againForMs) {
      const here = alarm.owner === null || alarm.owner.session === me.session
      if (here) heard.push({ id: alarm.id, why: 'again', loud: false })
    } else if (now - askedAt < againForMs) heard.push({ id: alarm.id, why: 'asked', loud: false })
  }
  return heard
}

/** When a colleague offered it to whoever sits here, by the page's clock, which is ahead of the server's by so much. */
const offeredHere = ({ offer }: Known['alarm'], me: Room['me'], aheadMs: number): number =>
  offer?.to.personId === me.personId ? Date.parse(offer.at) + aheadMs : Number.NEGATIVE_INFINITY

/** When the escalation last asked for this seat about this alarm. Of one that is held, the queue's is only its holder's matter. */
function askedHere({ alarm, asked }: Known, me: Room['me']): number {
  if (asked === null) return Number.NEGATIVE_INFINITY
  const free = alarm.owner === null || alarm.owner.session === me.session
  const here = asked.consoles.some(({ kind, id }) => {
    if (kind === 'person') return id === me.personId
    // What another centre asks of its own queue is nothing to this one.
    if (kind === 'centre') return free && id === me.centre.id
    // Who has said no seat may be the one that is meant.
    const meant = id === me.centre.id || me.seat === null || id === me.seat.id
    return free && meant && alarm.centre === undefined
  })
  return here ? asked.at : Number.NEGATIVE_INFINITY
}
