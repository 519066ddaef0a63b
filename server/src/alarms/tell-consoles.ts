import type { CentreId } from '@anju/contract'
import type { TimelineKind } from '@anju/contract/api'
import type { LiveLog, LiveLogItem, Transaction } from '../ports.ts'
import type { Facts } from './home-facts.ts'
import type { AlarmRecord } from './record.ts'
import { viewOf } from './view.ts'

/** An alarm's item on the live stream: what it is now, and what just happened to it. */
export function itemOf(alarm: AlarmRecord, cause: TimelineKind, facts: Facts): LiveLogItem {
  const event = alarm.case.handling.at === 'closed' ? 'alarm-closed' : 'alarm'
  return { event, home: alarm.home, data: { alarm: viewOf(alarm, facts.of(alarm)), cause } }
}

/** The streams an alarm is told on: its centre's, and those it was handed on to. */
export const toldOn = (
  alarm: AlarmRecord,
  item: LiveLogItem,
): { readonly centre: CentreId; readonly item: LiveLogItem }[] =>
  [alarm.centre, ...alarm.alsoCentres].map((centre) => ({ centre, item }))

/** One append a centre, in one order everywhere: the heads are locks, and two transactions must not wait for each other. */
export function appendByCentre(
  tx: Transaction,
  live: LiveLog,
  told: readonly { readonly centre: CentreId; readonly item: LiveLogItem }[],
): void {
  for (const centre of [...new Set(told.map((one) => one.centre))].sort())
    void live.append(
      tx,
      centre,
      told.filter((one) => one.centre === centre).map(({ item }) => item),
    )
}
