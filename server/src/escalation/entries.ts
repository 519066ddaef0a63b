import { between, type CentreId } from '@anju/contract'
import type { AskedConsole, Track } from '@anju/contract/api'
import type { Position } from '../domain/escalation/run.ts'
import type { Transaction } from '../ports.ts'
import type { AlarmDesk, Attempt, Failure, Ledger, LockedAlarm } from './ports.ts'
import type { StoredRun } from './runs.ts'
import { contactDueFrom } from './standing.ts'
import { type Ask, askedOf } from './wave.ts'

interface Telling {
  readonly desk: AlarmDesk
  readonly ledger: Ledger
}

/**
 * What the log of the alarm says of a wave, and with it every console. The very first one, to the queue, is the alarm's own
 * arrival there and needs no second word. Another centre that is asked sees the alarm from here on.
 */
export function tellAsked(
  desk: AlarmDesk,
  locked: LockedAlarm,
  track: Track,
  { round, step, wave, targets }: Ask,
  attempts: readonly Attempt[],
): LockedAlarm {
  const arrival = track === 'centre' && round === 0 && step === 0 && wave === 0
  if (attempts.length === 0 || arrival) return locked
  const { centre, alsoCentres } = locked.alarm
  const asked = attempts.filter(({ recipient }) => recipient.kind === 'centre').map(({ recipient }) => recipient.id)
  const seeing = [...new Set([...alsoCentres, ...(asked as CentreId[])])].filter((one) => one !== centre)
  const recipients = attempts.map(({ recipient: { kind, id, name }, channel }) => ({ kind, id, name, channel }))
  const offDuty = targets.some(({ to }) => to === 'off-duty')
  const isLate = track === 'long-lie' && !locked.alarm.episode.test
  const openS = Math.floor(between(contactDueFrom(locked.alarm), locked.now) / 1_000)
  const why = { ...(offDuty ? { offDuty } : {}), ...(isLate ? { nobodyReachedForS: openS } : {}) }
  const detail = { track, round, step, wave, recipients, ...why }
  return desk.tell(locked, { kind: 'escalated', detail, asked: consolesOf(attempts) }, seeing)
}

const consolesOf = (attempts: readonly Attempt[]): AskedConsole[] =>
  attempts.flatMap(({ channel, recipient: { kind, id } }) =>
    channel === 'console' && (kind === 'queue' || kind === 'centre' || kind === 'person') ? [{ kind, id }] : [],
  )
/** Nobody of a wave was reached, and nobody is going to be: whoever looks at the alarm sees it, and why. */
export function tellUndeliverable(
  desk: AlarmDesk,
  locked: LockedAlarm,
  track: Track,
  { round, step, wave }: Position,
  recipients: readonly Failure[],
): LockedAlarm {
  return desk.tell(locked, { kind: 'undeliverable', detail: { track, round, step, wave, recipients } })
}

/** Of the wave that was under way: why is in the ledger. */
export async function tellFailed(
  tx: Transaction,
  { desk, ledger }: Telling,
  locked: LockedAlarm,
  track: Track,
  position: Position,
): Promise<LockedAlarm> {
  const recipients = await ledger.failures(tx, locked.alarm.id, track, position)
  // Withdrawn from all of them: then nothing has failed.
  return recipients.length === 0 ? locked : tellUndeliverable(desk, locked, track, position, recipients)
}

/**
 * Whether a round has reached nobody by its steps; the log says so, but not with every round anew: the next ones are no different
 * until somebody is.
 */
export async function tellUnreached(
  tx: Transaction,
  { desk, ledger }: Telling,
  locked: LockedAlarm,
  { track, policy: { steps } }: Pick<StoredRun, 'track' | 'policy'>,
  round: number,
): Promise<{ readonly locked: LockedAlarm; readonly unreached: boolean }> {
  const unreached = (nth: number) => ledger.unreached(tx, askedOf(locked), track, nth, steps.length)
  if (!(await unreached(round))) return { locked, unreached: false }
  if (round > 0 && (await unreached(round - 1))) return { locked, unreached: true }
  return { locked: desk.tell(locked, { kind: 'unreached', detail: { track, round } }), unreached: true }
}
