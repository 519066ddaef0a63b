import type { Alarm, Person, SeatTaken } from '@anju/contract/api'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { alarms } from '../api/calls.ts'
import { Refusal } from '../api/request.ts'
import { newKey } from '../edge/page-random.ts'
import { tab } from '../edge/page-store.ts'
import type { Link } from '../live/connection.ts'
import type { Known } from '../live/live-state.ts'
import { LiveStore, type LiveView } from '../live/live-store.ts'
import { Sitting } from '../shift/sitting.ts'
import { Sounder, type SoundView } from '../sound/sounder.ts'
import { ClosedHere } from './closed-here.ts'
import { readingOver } from './dead-line.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { Messages, type Sentence } from './messages.ts'
import { type OfferOutcome, OffersMade } from './offers-made.ts'

/** Everything one operator's seat is made of, for as long as its session lasts. */
export interface Seat {
  readonly me: Person
  readonly live: LiveStore
  readonly sounder: Sounder
  /** Which of the centre's seats this console is. */
  readonly sitting: Sitting
  readonly leases: LeaseKeeper
  readonly messages: Messages
  /** Names this page towards the server, for rung L3. */
  readonly consoleId: string
  /** Only what was closed at this page is offered to be undone by a key. */
  readonly closedHere: ClosedHere
  /** What was offered to colleagues. */
  readonly offersMade: OffersMade
}

const SeatContext = createContext<Seat | null>(null)

export function useSeat(): Seat {
  const seat = useContext(SeatContext)
  if (!seat) throw new Error('a part of the console is outside its seat')
  return seat
}

export const useLive = (): LiveView => {
  const { live } = useSeat()
  return useSyncExternalStore(live.subscribe, live.told)
}
/**
 * One fact of what is known: whoever needs no more is not painted anew at each message of a flood. `of` answers the same value,
 * or the same object, for as long as the fact is the same.
 */
export function useLiveFact<T>(of: (view: LiveView) => T): T {
  const { live } = useSeat()
  return useSyncExternalStore(live.subscribe, () => of(live.told()))
}
export const useLink = (): Link => useLiveFact(({ link }) => link)
/** An alarm as this page knows it; undefined: it does not. */
export const useKnown = (id: string | null): Known | undefined =>
  useLiveFact(({ alarms }) => (id === null ? undefined : alarms.get(id)))
export const useSound = (): SoundView => {
  const { sounder } = useSeat()
  return useSyncExternalStore(sounder.subscribe, sounder.view)
}
/** The seat that this console is; null: none that was said. */
export const useSitting = (): SeatTaken | null => {
  const { sitting } = useSeat()
  return useSyncExternalStore(sitting.subscribe, sitting.view)
}
/** The server's time, once a second. */
export const useSecond = (): number => {
  const { live } = useSeat()
  return useSyncExternalStore(live.onTick, live.tickAt)
}

/** The lease is over where the alarm is another's, nobody's, or closed; anything else is a lost answer. */
const isOver = (error: unknown): boolean =>
  error instanceof Refusal && (error.status === 409 || error.status === 404 || error.status === 403)

function openSeat(me: Person, onDoubt: () => void): Seat {
  const live = new LiveStore(onDoubt)
  const messages = new Messages(live.now)
  const sitting = new Sitting(me.seat)
  const leases = new LeaseKeeper(
    {
      now: live.now,
      renew: alarms.renew,
      isOver,
      remember: (text) => tab.write(`leases.${me.session}`, text),
      onAnswer: (alarm) => live.answered(alarm),
      onLost: (id) => {
        const name = live.view().alarms.get(id)?.alarm.home.residentName ?? id
        messages.say((t) => t('message.lease-lost', { name }), 'problem')
      },
    },
    tab.read(`leases.${me.session}`),
  )
  return {
    me,
    live,
    messages,
    leases,
    sounder: new Sounder(live, me, sitting),
    sitting,
    offersMade: new OffersMade(),
    consoleId: `console-${newKey()}`,
    closedHere: new ClosedHere((text) => tab.write(`closed.${me.session}`, text), tab.read(`closed.${me.session}`)),
  }
}

/** A reloaded page lists open alarms only: what it closed a moment ago is read once, so that it can be taken back. */
async function readClosedHere({ live, closedHere }: Seat): Promise<void> {
  for (const id of closedHere.ids(live.serverNow())) {
    // Where it cannot be read it stands among the recently closed all the same.
    const alarm = await alarms.read(id).catch(() => undefined)
    if (alarm) live.answered(alarm)
  }
}

/** Leases that ended by another's hand: a colleague or a supervisor has it, or the time ran out unseen; and what was offered in vain. */
function tellLost(seat: Seat): void {
  const clocks = { now: seat.live.now(), serverNow: seat.live.serverNow() }
  for (const { alarm } of seat.live.view().alarms.values()) {
    const outcome = seat.offersMade.heard(alarm, seat.me.session, clocks)
    if (outcome) seat.messages.say(sayingOf(outcome), outcome.is === 'accepted' ? 'plain' : 'problem')
    if (!seat.leases.heard(alarm, seat.me.session) || outcome?.is === 'accepted') continue
    const name = nameOf(alarm)
    const owner = alarm.owner?.name
    if (owner !== undefined) seat.messages.say((t) => t('message.taken-over', { name, owner }), 'problem')
    else if (alarm.handling === 'new') seat.messages.say((t) => t('message.lease-lost', { name }), 'problem')
  }
}

/** What became of an offer, as a sentence. */
export const sayingOf =
  ({ alarm, to, is }: OfferOutcome): Sentence =>
  (t) =>
    t(OUTCOMES[is], { to, name: nameOf(alarm) })
const OUTCOMES = {
  accepted: 'offer.accepted',
  declined: 'offer.declined',
  over: 'offer.over',
} as const satisfies Record<OfferOutcome['is'], string>

export const nameOf = (alarm: Alarm): string => alarm.home.residentName ?? alarm.home.name

interface Props {
  readonly me: Person
  readonly onDoubt: () => void
  readonly children: ReactNode
}

export function SeatProvider({ me, onDoubt, children }: Props) {
  const queries = useQueryClient()
  const [seat] = useState(() => openSeat(me, onDoubt))
  useEffect(() => {
    const hear = readingOver(queries)
    const stops = [
      seat.sounder.start(),
      seat.live.subscribe(() => {
        tellLost(seat)
        hear(seat.live.view().link)
      }),
      seat.live.onTick(() => {
        seat.messages.expire()
        void seat.leases.beat()
        if (seat.live.view().link === 'live') void seat.sitting.remember()
      }),
    ]
    seat.live.start()
    void readClosedHere(seat)
    return () => {
      for (const stop of stops) stop()
      seat.live.stop()
      queries.removeQueries({ queryKey: ['alarm'] })
    }
  }, [seat, queries])
  return <SeatContext value={seat}>{children}</SeatContext>
}
