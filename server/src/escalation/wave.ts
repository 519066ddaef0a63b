import type { Channel } from '@anju/contract/api'
import { allEnded } from '../all-ended.ts'
import type { AskedTarget, LastAsking } from '../domain/escalation/last-resort.ts'
import { inTurn } from '../domain/roster/order.ts'
import type { Transaction } from '../ports.ts'
import type { AskedAlarm, Attempt, Ledger, LockedAlarm, Recipient, Roster } from './ports.ts'
import type { StoredRun } from './runs.ts'

/** What is to be asked, whether a policy's step or whoever comes after the last of them. */
export type Ask = LastAsking

export const askedOf = ({ alarm }: LockedAlarm): AskedAlarm => ({
  alarm: alarm.id,
  centre: alarm.centre,
  home: alarm.home,
  keepsHours: alarm.case.class === 'technical',
  type: alarm.type,
  class: alarm.case.class,
  test: alarm.episode.test,
  openedAt: alarm.receivedAt,
})

/** Whoever the wave means at this moment and has not said yet that they cannot. */
export async function attemptsFor(
  tx: Transaction,
  { ledger, roster }: { readonly ledger: Ledger; readonly roster: Roster },
  locked: LockedAlarm,
  track: StoredRun['track'],
  ask: Ask,
): Promise<Attempt[]> {
  const whose = askedOf(locked)
  const first = await resolved(tx, roster, whose, ask.targets, 0, locked)
  const turn = ask.round > 0 && takesTurns(first, ask) ? await ledger.turnOf(tx, locked.alarm.id, track, ask) : 0
  const recipients = turn === 0 ? first : await resolved(tx, roster, whose, ask.targets, turn, locked)
  // Of a first wave nobody can have said anything, and of nobody nothing need be asked: a home without contacts has ten such waves.
  const declined =
    ask.wave > 0 && recipients.length > 0 ? await ledger.declined(tx, locked.alarm.id, track, ask) : NOBODY
  return recipients
    .filter((one) => !declined.has(keyOf(one)) && (!whose.test || isOurs(one)))
    .flatMap((recipient) => attemptsOf(recipient, ask.channels, recipient.turn ?? turn))
}

/** Nobody else hears of a test: an on-call responder does not work here. */
const isOurs = ({ kind }: Recipient): boolean => kind === 'queue' || kind === 'person'

const NOBODY: ReadonlySet<string> = new Set()
const keyOf = ({ kind, id }: Recipient): string => `${kind} ${id}`

/** Two targets of one step may be one person: asked once. */
async function resolved(
  tx: Transaction,
  roster: Roster,
  whose: AskedAlarm,
  targets: readonly AskedTarget[],
  turn: number,
  { now }: LockedAlarm,
): Promise<readonly Recipient[]> {
  const found = new Map<string, Recipient>()
  const all = await allEnded(targets.map((target) => roster.resolve(tx, whose, target, now, turn)))
  for (const recipient of all.flat()) found.set(keyOf(recipient), recipient)
  return [...found.values()]
}

/** Whether there may be more than is asked at once. Most waves need not ask whose turn it is. */
const takesTurns = (found: readonly Recipient[], { targets, channels }: Ask): boolean =>
  found.length > 0 &&
  (targets.some(({ to }) => to === 'responders' || to === 'contacts') ||
    found.some(({ ways }) => channels.some((channel) => ways.filter((way) => way.channel === channel).length > 1)))

/** One way on each channel, in their own order: the next time the next one, for the first may ring where nobody hears it. */
function attemptsOf(recipient: Recipient, channels: readonly Channel[], turn: number): Attempt[] {
  return channels.flatMap((channel) =>
    inTurn(
      recipient.ways.filter((way) => way.channel === channel),
      turn,
      1,
    ).map(({ one: { address } }) => ({ recipient, channel, address })),
  )
}
