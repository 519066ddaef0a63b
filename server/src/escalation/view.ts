import { formatInstant } from '@anju/contract'
import type { EscalationView } from '@anju/contract/api'
import type { AlarmRecord } from '../alarms/record.ts'
import { foreseen, inForce, type Standing } from '../domain/escalation/run.ts'
import type { Transaction } from '../ports.ts'
import { runsOf, type StoredRun } from './runs.ts'
import { standingOf } from './standing.ts'

/** Where each track of an alarm stands, for whoever looks at it: a console counts down to what comes next by itself. */
export async function escalationOf(tx: Transaction, alarm: AlarmRecord): Promise<EscalationView[]> {
  const standing = standingOf(alarm)
  return (await runsOf(tx, alarm.id)).map((stored) => viewOf(stored, standing))
}

/** The steps are counted in what the track goes by now: of a test, in the asking whether it is one. */
export function viewOf(
  { track, policy: given, run }: Pick<StoredRun, 'track' | 'policy' | 'run'>,
  standing: Standing,
): EscalationView {
  const policy = inForce(track, given, standing)
  const next = foreseen(run, track, policy, standing)
  return {
    track,
    state: run.at,
    round: run.round + 1,
    step: Math.min(run.step + 1, policy.steps.length),
    steps: policy.steps.length,
    next: next && { at: formatInstant(next.at), targets: [...next.targets], channels: [...next.channels] },
  }
}
