import { instant } from '@anju/contract'
import type { AlarmRecord } from '../../server/src/alarms/record.ts'
import { handle, isHeld } from '../../server/src/domain/handling.ts'
import { isHeld as isOwned, passed } from './rules.ts'
import type { Alarm } from './words.ts'

/** What is compared of an alarm, in words both sides have; the clock is heard before anybody looks. */
export interface Seen {
  readonly kind: Alarm['kind']
  readonly graveness: string
  readonly condition: string
  readonly handling: string
  readonly owner: string | null
  readonly until: number | null
  readonly offer: string | null
  readonly fence: number
  readonly abandonedBy: string | null
  readonly disposition: string | null
  readonly closedAt: number | null
  readonly occurrences: number
  readonly firstAt: number
  readonly lastAt: number
  readonly ageMs: number
  readonly stuck: boolean
  readonly test: boolean
  readonly realerts: number
  readonly lates: number
  readonly quiet: number
  readonly rungs: string
}

export function seenOfModel(kept: Alarm, now: number): Seen {
  const alarm = { ...kept, ...passed(kept, now) }
  const { handling, owner, left } = alarm
  return {
    kind: alarm.kind,
    graveness: alarm.graveness,
    condition: alarm.condition,
    handling,
    owner: owner?.session ?? null,
    until: isOwned(alarm) || handling === 'parked' ? alarm.until : null,
    offer: alarm.offer && `${alarm.offer.to} until ${alarm.offer.until}`,
    fence: alarm.fence,
    abandonedBy: handling === 'new' ? (left?.session ?? null) : null,
    disposition: alarm.disposition,
    closedAt: alarm.closedAt,
    occurrences: alarm.occurrences,
    firstAt: alarm.firstAt,
    lastAt: alarm.lastAt,
    ageMs: alarm.ageMs,
    stuck: alarm.stuck,
    test: alarm.test,
    realerts: alarm.realerts,
    lates: alarm.lates,
    quiet: alarm.quiet,
    rungs: [alarm.L4, alarm.L5, alarm.L6].join(' '),
  }
}

export function seenOfRecord(alarm: AlarmRecord, realerts: number, now: number): Seen {
  const settled = handle(alarm.case, { type: 'clock', now: instant(now) })
  if ('refused' in settled) throw new Error('the clock was refused')
  const { handling, fence } = settled.becomes
  const { episode, ladder } = alarm
  const offer = isHeld(handling) ? handling.offer : null
  const until = isHeld(handling) ? handling.lease.until : handling.at === 'parked' ? handling.until : null
  return {
    kind: alarm.type === 'button-stuck' ? 'its button' : 'the thing',
    graveness: alarm.case.class,
    condition: alarm.condition,
    handling: handling.at,
    owner: isHeld(handling) ? handling.lease.by.session : null,
    until,
    offer: offer && `${offer.to.person} until ${offer.until}`,
    fence,
    abandonedBy: handling.at === 'new' ? (handling.abandonedBy?.session ?? null) : null,
    disposition: handling.at === 'closed' ? handling.disposition.code : null,
    closedAt: handling.at === 'closed' ? handling.closedAt : null,
    occurrences: episode.occurrences,
    firstAt: episode.firstAt,
    lastAt: episode.lastAt,
    ageMs: episode.lateByMs,
    stuck: episode.stuck,
    test: episode.test,
    realerts,
    lates: episode.lateAgain?.times ?? 0,
    quiet: episode.lateAgain?.quiet ?? 0,
    rungs: [ladder.L4, ladder.L5, ladder.L6].join(' '),
  }
}
