import type { CentreId } from '@anju/contract'
import type { AskedConsole, TimelineKind } from '@anju/contract/api'
import type { LiveLog, LiveLogItem, Transaction } from '../ports.ts'
import type { Facts } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { viewOf } from './view.ts'

/** What just happened to an alarm, for the live stream. */
export interface News {
  readonly cause: TimelineKind
  /** Whose consoles are asked by it, when somebody's are. */
  readonly asked?: readonly AskedConsole[]
}

export interface Told {
  readonly centre: CentreId
  readonly item: LiveLogItem
}

/**
 * An alarm's item on the streams it is told on, its centre's and those it was handed on to: what it is now, and what just
 * happened to it. To another centre it says whose it is.
 */
export const toldOn = (alarm: AlarmRecord, news: News, facts: Facts): Told[] =>
  [alarm.centre, ...alarm.alsoCentres].map((centre) => ({ centre, item: itemOf(alarm, news, facts, centre) }))

function itemOf(alarm: AlarmRecord, news: News, facts: Facts, reader: CentreId): LiveLogItem {
  const event = alarm.case.handling.at === 'closed' ? 'alarm-closed' : 'alarm'
  return { event, home: alarm.home, data: { alarm: viewOf(alarm, facts.of(alarm), reader), ...news } }
}

export function append(tx: Transaction, live: LiveLog, told: readonly Told[]): void {
  for (const { centre, item } of told) live.append(tx, centre, [item])
}
