import { between, type Instant, seconds } from '@anju/contract'
import type { NotificationState } from '@anju/contract/api'

/** A provider that is away for a second is met by the next try; what a third one does not mend may last. */
const triesMin = 3
/** Later than this is no next try for who lies on a floor. */
const soon = seconds(10)

export interface Waiting {
  readonly state: NotificationState
  readonly why: string | null
  readonly tries: number
  readonly sending: boolean
  readonly dueAt: Instant | null
}

/**
 * Certainly not sent so far, and not to be soon: it is tried again for as long as it is of use, but nobody waits for it. Else a
 * provider that is down would cost every person of a list their whole time. Of a try that is under way nothing is certain yet, and
 * what it is due at is the end of its lease.
 */
export const isStalled = ({ state, why, tries, sending, dueAt }: Waiting, now: Instant): boolean =>
  state === 'queued' &&
  !sending &&
  why !== null &&
  (tries >= triesMin || (dueAt !== null && between(now, dueAt) > soon))

/** Nobody waits for it any more: it certainly does not reach them, or not soon. */
export const isLost = (one: Waiting, now: Instant): boolean => one.state === 'failed' || isStalled(one, now)
