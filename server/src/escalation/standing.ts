import { type Instant, millis, plus } from '@anju/contract'
import type { AlarmRecord } from '../alarms/record.ts'
import type { Standing } from '../domain/escalation/run.ts'
import { isLying } from '../domain/escalation/standard.ts'
import { HANDLING_POLICY } from '../domain/handling.ts'
import type { BegunAlarm } from './ports.ts'

/** What the alarm itself says of who is asked next. */
export const standingOf = ({
  case: { class: eventClass, handling },
  episode,
  ladder,
  receivedAt,
  type,
}: AlarmRecord): Standing => ({
  class: eventClass,
  openedAt: receivedAt,
  contactDueFrom: contactDueFrom({ type, receivedAt, episode }),
  handling: handling.at,
  undoUntil: handling.at === 'closed' && handling.by ? plus(handling.closedAt, HANDLING_POLICY.undoFor) : null,
  contactMade: ladder.L5 !== null,
  test: episode.test,
})

/** By the centre's clock and the gateway's elapsed time: the gateway's own may say 1970. */
export const contactDueFrom = ({
  type,
  receivedAt,
  episode,
}: Pick<BegunAlarm, 'type' | 'receivedAt' | 'episode'>): Instant =>
  isLying(type) ? plus(receivedAt, millis(-episode.lateByMs)) : receivedAt
