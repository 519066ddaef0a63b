import type { CentreId, HomeId, Instant } from '@anju/contract'
import { isBehind } from '../domain/episode.ts'
import type { Transaction } from '../ports.ts'
import type { NewEvent } from './events.ts'

/** A home whose resident is away, and since when it is in that mode; null where that was not kept. */
export interface Away {
  readonly home: string
  readonly since: Instant | null
}

const isPress = ({ type, phase }: NewEvent): boolean => type === 'sos-pressed' && phase === 'raised'

/** Homes of this batch in which somebody has pressed a button. */
export const pressedHomes = (events: readonly NewEvent[]): string[] => [
  ...new Set(events.filter(isPress).map(({ home }) => home)),
]

/** Pure: somebody is there. What was pressed before they left, and came late, does not say so. */
export const homeAgain = (away: readonly Away[], events: readonly NewEvent[], now: Instant): string[] =>
  away
    .filter(({ home, since }) =>
      events.some((event) => event.home === home && isPress(event) && !isBehind(event, now, since)),
    )
    .map(({ home }) => home)

/** A button press while away is an alarm, and ends "away". */
export async function endAway(
  tx: Transaction,
  homes: readonly string[],
): Promise<{ readonly home: HomeId; readonly centre: CentreId }[]> {
  if (homes.length === 0) return []
  return tx.query(
    `update home set mode = 'home', mode_until = null, mode_reason = null, mode_since = null
     where id = any($1) and mode = 'away' returning id as home, centre`,
    [homes],
  )
}
