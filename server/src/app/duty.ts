import type { Clock } from '@anju/contract'
import { dutyPlacement } from '../domain/roster/duty.ts'
import type { Means } from '../domain/roster/ways.ts'
import { ownEvent } from '../gateways/own-word.ts'
import type { Database, EventIntake } from '../ports.ts'
import { type DutyWatch, type DutyWord, startDutyWatch } from '../roster/duty-watch.ts'
import type { Log } from '../uplink-ports.ts'

export interface DutyParts {
  readonly database: Database
  readonly means: Means
  readonly intake: EventIntake
  readonly clock: Clock
  readonly log: Log
}

/** That nobody will be on duty becomes an alarm of the centre, by the same way as any event. */
export function startDuty({ intake, ...parts }: DutyParts): DutyWatch {
  return startDutyWatch({ ...parts, tell: async (words) => void (await intake.commit(words.map(eventOf))) })
}

const eventOf = ({ home, centre, phase, at }: DutyWord) =>
  ownEvent({
    type: 'nobody-on-duty',
    home,
    centre,
    placement: dutyPlacement(centre),
    device: 'roster',
    phase,
    at,
    urgent: true,
  })
