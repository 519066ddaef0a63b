import { plus } from '@anju/contract'
import type { AlarmRecord } from '../alarms/record.ts'
import type { Standing } from '../domain/escalation/run.ts'
import { HANDLING_POLICY } from '../domain/handling.ts'

/** What the alarm itself says of who is asked next. */
export const standingOf = ({
  case: { class: eventClass, handling },
  episode,
  ladder,
  receivedAt,
}: AlarmRecord): Standing => ({
  class: eventClass,
  openedAt: receivedAt,
  handling: handling.at,
  undoUntil: handling.at === 'closed' && handling.by ? plus(handling.closedAt, HANDLING_POLICY.undoFor) : null,
  contactMade: ladder.L5 !== null,
  test: episode.test,
})
