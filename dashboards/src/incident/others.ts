import type { Alarm } from '@anju/contract/api'
import { compareAlarms } from '../queue/queue-order.ts'

/**
 * The other open alarms of an alarm's home, the most urgent first: a suspicion, the fall and the long lie are three alarms of one
 * person. An outage is of no home, whichever it has to name.
 */
export function othersOf(alarm: Alarm, all: Iterable<Alarm>): Alarm[] {
  if (alarm.type === 'outage') return []
  return [...all]
    .filter(
      ({ id, homeId, type, handling }) =>
        id !== alarm.id && homeId === alarm.homeId && type !== 'outage' && handling !== 'closed',
    )
    .sort(compareAlarms)
}
