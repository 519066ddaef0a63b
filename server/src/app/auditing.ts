import type { Clock } from '@anju/contract'
import { type Late, startAuditor } from '../escalation/auditor.ts'
import type { Escalations } from '../escalation/ports.ts'
import { ownEvent } from '../gateways/own-word.ts'
import type { Database, EventIntake } from '../ports.ts'
import type { Log } from '../uplink-ports.ts'

export interface AuditingParts {
  readonly database: Database
  readonly escalations: Escalations
  readonly intake: EventIntake
  readonly clock: Clock
  readonly log: Log
}

/** What is late becomes an alarm of its home, by the same way as any event. */
export function startAuditing({ intake, ...parts }: AuditingParts): ReturnType<typeof startAuditor> {
  return startAuditor({ ...parts, raise: async (late) => void (await intake.commit(late.map(eventOf))) })
}

const eventOf = ({ home, centre, dueAt: at }: Late) =>
  ownEvent({
    type: 'escalation-late',
    home,
    centre,
    placement: 'escalation',
    device: 'escalation',
    phase: 'raised',
    at,
    urgent: true,
  })
