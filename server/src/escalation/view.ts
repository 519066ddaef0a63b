import { type AlarmId, formatInstant } from '@anju/contract'
import type { EscalationView } from '@anju/contract/api'
import { foreseen, waveAt } from '../domain/escalation/run.ts'
import type { Transaction } from '../ports.ts'
import { runsOf, type StoredRun } from './runs.ts'

/** Where each track of an alarm stands, for whoever looks at it: a console counts down to what comes next by itself. */
export const escalationOf = async (tx: Transaction, alarm: AlarmId): Promise<EscalationView[]> =>
  (await runsOf(tx, alarm)).map(viewOf)

function viewOf({ track, policy, run }: StoredRun): EscalationView {
  const next = foreseen(run, policy)
  const wave = next && waveAt(policy, next.position)
  return {
    track,
    state: run.at,
    round: run.round + 1,
    step: Math.min(run.step + 1, policy.steps.length),
    steps: policy.steps.length,
    next:
      next && wave
        ? {
            at: formatInstant(next.at),
            targets: policy.steps[next.position.step]?.targets ?? [],
            channels: wave.channels,
          }
        : null,
  }
}
