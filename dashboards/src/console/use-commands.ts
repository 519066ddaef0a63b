import type {
  Agency,
  Alarm,
  AlarmCommandAnswer,
  ContactOutcome,
  Disposition,
  Handover,
  StepOutcome,
} from '@anju/contract/api'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type AgencyAnswer, alarms } from '../api/calls.ts'
import { wayIn } from '../api/way-in.ts'
import { sentenceOf } from '../i18n/refusals.ts'
import { nameOf, type Seat, useSeat } from './seat.tsx'

/** What a person at the console can do to an alarm. Each resolves to whether it was done; a refusal becomes a sentence. */
export interface Commands {
  claim(alarm: Alarm): Promise<boolean>
  takeover(alarm: Alarm, reason: string): Promise<boolean>
  undoClose(alarm: Alarm): Promise<boolean>
  start(alarm: Alarm): Promise<boolean>
  /** `note`: what whoever takes it next should know. */
  release(alarm: Alarm, note?: string): Promise<boolean>
  /** To a colleague, who takes it on by a claim; until then it is ours. */
  offer(alarm: Alarm, to: string, note: string): Promise<boolean>
  withdrawOffer(alarm: Alarm): Promise<boolean>
  /** What a colleague offered us. */
  declineOffer(alarm: Alarm): Promise<boolean>
  note(alarm: Alarm, text: string): Promise<boolean>
  /** How one gets in; undefined when it was refused. */
  reveal(alarm: Alarm): Promise<string | undefined>
  /** `wayId`: on which of their numbers. */
  contact(alarm: Alarm, contactId: string, outcome: ContactOutcome, wayId?: string): Promise<boolean>
  dispatch(alarm: Alarm, responderId: string): Promise<boolean>
  park(alarm: Alarm, minutes: number, note: string): Promise<boolean>
  close(alarm: Alarm, disposition: Disposition, note: string): Promise<boolean>
  /** `skipped` is refused without a note. */
  step(alarm: Alarm, step: string, outcome: StepOutcome, note?: string): Promise<boolean>
  manual(alarm: Alarm, reason: string): Promise<boolean>
  /** What was handed over; undefined when it was refused. */
  handOver(alarm: Alarm, agency: Agency, note: string, onTheWay: boolean): Promise<Handover | undefined>
  agencyAnswer(alarm: Alarm, handover: string, said: AgencyAnswer): Promise<boolean>
  agencyOnTheWay(alarm: Alarm, handover: string): Promise<boolean>
}

/** An alarm this seat holds: the session is its owner's and the token is here. */
export const holds = ({ me, leases }: Seat, alarm: Alarm): boolean =>
  alarm.owner?.session === me.session && leases.token(alarm.id) !== undefined

/** The alarm closed last at this page whose close may still be taken back. */
export function lastClosedHere({ live, closedHere }: Seat, serverNow: number): Alarm | undefined {
  return closedHere
    .ids(serverNow)
    .flatMap((id) => live.view().alarms.get(id)?.alarm ?? [])
    .findLast(({ handling, undoUntil }) => handling === 'closed' && Date.parse(undoUntil ?? '') > serverNow)
}

export function useCommands(): Commands {
  const seat = useSeat()
  const queries = useQueryClient()
  return useMemo(() => commandsOf(seat, queries), [seat, queries])
}

function commandsOf(seat: Seat, queries: QueryClient): Commands {
  async function send(alarm: Alarm, act: () => Promise<AlarmCommandAnswer>): Promise<boolean> {
    try {
      const answer = await act()
      seat.leases.settle(answer.alarm, answer.lease)
      seat.live.answered(answer.alarm)
      return true
    } catch (error) {
      seat.messages.say((t) => sentenceOf(t, error), 'problem')
      return false
    } finally {
      // A first reading that began before the command would else be taken for one that knows of it.
      const queryKey = ['alarm', alarm.id]
      void queries.cancelQueries({ queryKey }).then(() => queries.invalidateQueries({ queryKey }))
    }
  }
  async function withLease(alarm: Alarm, act: (lease: string) => Promise<AlarmCommandAnswer>): Promise<boolean> {
    const lease = seat.leases.token(alarm.id)
    if (lease !== undefined) return await send(alarm, () => act(lease))
    seat.messages.say((t) => t('message.not-held', { name: nameOf(alarm) }), 'problem')
    return false
  }
  return {
    claim: (alarm) => send(alarm, () => alarms.claim(alarm.id)),
    takeover: (alarm, reason) => send(alarm, () => alarms.takeover(alarm.id, reason)),
    undoClose: (alarm) => send(alarm, () => alarms.undoClose(alarm.id)),
    start: (alarm) => withLease(alarm, (lease) => alarms.start(alarm.id, lease)),
    release: (alarm, note) => withLease(alarm, (lease) => alarms.release(alarm.id, lease, note)),
    offer: (alarm, to, note) => withLease(alarm, (lease) => alarms.offer(alarm.id, lease, to, note)),
    withdrawOffer: (alarm) =>
      withLease(alarm, (lease) => seat.offersMade.withdrawing(alarm.id, alarms.withdrawOffer(alarm.id, lease))),
    declineOffer: (alarm) => send(alarm, () => alarms.declineOffer(alarm.id)),
    note: (alarm, text) => withLease(alarm, (lease) => alarms.note(alarm.id, lease, text)),
    async reveal(alarm) {
      let access: string | undefined
      await withLease(alarm, async (lease) => {
        const answer = await wayIn.reveal(alarm.id, lease)
        access = answer.access
        return answer
      })
      return access
    },
    contact: (alarm, contactId, outcome, wayId) =>
      withLease(alarm, (lease) => alarms.contact(alarm.id, lease, contactId, outcome, wayId)),
    dispatch: (alarm, responderId) => withLease(alarm, (lease) => alarms.dispatch(alarm.id, lease, responderId)),
    park: (alarm, minutes, note) => withLease(alarm, (lease) => alarms.park(alarm.id, lease, minutes, note)),
    close: (alarm, disposition, note) =>
      withLease(alarm, async (lease) => {
        const answer = await alarms.close(alarm.id, lease, disposition, note)
        seat.closedHere.add(answer.alarm)
        return answer
      }),
    step: (alarm, step, outcome, note = '') =>
      withLease(alarm, (lease) => alarms.step(alarm.id, lease, step, outcome, note)),
    manual: (alarm, reason) => withLease(alarm, (lease) => alarms.manual(alarm.id, lease, reason)),
    async handOver(alarm, agency, note, onTheWay) {
      let handover: Handover | undefined
      await withLease(alarm, async (lease) => {
        const answer = await alarms.handOver(alarm.id, lease, agency, note, onTheWay)
        handover = answer.handover
        return answer
      })
      return handover
    },
    agencyAnswer: (alarm, handover, said) => send(alarm, () => alarms.agencyAnswer(alarm.id, handover, said)),
    agencyOnTheWay: (alarm, handover) =>
      withLease(alarm, (lease) => alarms.agencyAnswer(alarm.id, handover, { lease, onTheWay: true })),
  }
}
