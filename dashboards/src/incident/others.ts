import type { Alarm } from '@anju/contract/api'
import { compareAlarms } from '../queue/queue-order.ts'

/** So many are named beside an alarm: a home has seldom more, and what a fault raises by the hundred must not keep a key waiting. */
export const othersShownMax = 10

/**
 * The other open alarms of an alarm's home, the most urgent first: a suspicion, the fall and the long lie are three alarms of one
 * person. An outage is of no home, whichever it has to name.
 */
export function othersOf(alarm: Alarm, all: Iterable<Alarm>): Alarm[] {
  if (alarm.type === 'outage') return []
  const others: Alarm[] = []
  for (const other of all) {
    if (other.homeId !== alarm.homeId || other.id === alarm.id) continue
    if (other.type !== 'outage' && other.handling !== 'closed') others.push(other)
  }
  return others.sort(compareAlarms)
}
