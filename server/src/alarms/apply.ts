import { type Instant, RUNGS, type Rung } from '@anju/contract'
import type { Decision, Effect } from '../domain/handling.ts'
import type { AlarmRecord } from './record.ts'
import type { TimelineRow } from './repository.ts'

export const EMPTY_LADDER = Object.fromEntries(RUNGS.map((rung) => [rung, null])) as Record<Rung, Instant | null>

type Accepted = Extract<Decision, { readonly effects: readonly Effect[] }>

/** The alarm after a decision: its handling, its ladder, and a version that grew. A rung keeps the time it was first reached. */
export function applied(alarm: AlarmRecord, { becomes, effects }: Accepted, now: Instant): AlarmRecord {
  if (effects.length === 0) return { ...alarm, case: becomes, version: alarm.version + 1 }
  const ladder = { ...alarm.ladder }
  for (const effect of effects) {
    if (effect.do === 'reach') ladder[effect.rung] ??= now
    if (effect.do === 'withdraw') ladder[effect.rung] = null
  }
  return { ...alarm, case: becomes, ladder, version: alarm.version + 1 }
}

/** What of a decision goes into the timeline. */
export const entriesOf = (effects: readonly Effect[], alarm: AlarmRecord, at: Instant): TimelineRow[] =>
  effects.flatMap((effect) =>
    effect.do === 'tell'
      ? [
          {
            alarm,
            at,
            kind: effect.kind,
            by: effect.by && { person: effect.by.person, name: effect.by.name },
            text: effect.text,
            detail: effect.detail,
          },
        ]
      : [],
  )

/** The rungs a decision reached for the first time: what the home is told. */
export const reachedBy = (before: AlarmRecord, after: AlarmRecord): Rung[] =>
  RUNGS.filter((rung) => before.ladder[rung] === null && after.ladder[rung] !== null)
