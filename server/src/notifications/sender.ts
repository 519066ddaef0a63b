import { type Clock, errorMessage, millis, type Random, seconds, sleep } from '@anju/contract'
import type { Channel } from '@anju/contract/api'
import type { Actor, Database } from '../ports.ts'
import { betweenRounds, startRounds } from '../rounds.ts'
import { isOneAlone, SetAside } from '../set-aside.ts'
import type { ChannelAdapter, Outgoing } from './channel.ts'
import type { Happened, Mover } from './mover.ts'
import type { NotificationRecord } from './record.ts'
import { createRecorder } from './recorder.ts'
import { answerOf, sendWithin } from './send-within.ts'
import { LANES_OF, type Lane, type Over, type Taken, take, type Urgency, urgencyOf } from './take.ts'
import { type Destination, takersOf } from './takers.ts'
import { wordsOf } from './words.ts'

export const SENDER: Actor = { kind: 'system', part: 'notifications' }
const lookEvery = millis(500)
/** How long a stop waits for answers that are on their way, before it cuts them off. */
const graceOnStop = seconds(3)
const answerWithin = seconds(10)
/** Longer than any try: whoever is still silent then has died, or stood still. */
const leaseFor = seconds(30)
const saveAgainAfter = seconds(1)
/**
 * A flood of what can wait never stands before what cannot: each has its own places on every channel. A provider that hangs holds a
 * place for as long as a try may last; a press is not to wait for a place, however many were made.
 */
const inFlightMax: Readonly<Record<Urgency, number>> = { life: 100, urgent: 12, other: 4 }

export interface SenderOptions {
  readonly database: Database
  readonly mover: Mover
  /** Of several for one channel the first is used, and the next ones after a try that certainly failed. */
  readonly adapters: readonly ChannelAdapter[]
  readonly clock: Clock
  readonly random: Random
  readonly log: { error(detail: object, message: string): void }
  /** Where the page of the answer links is served; without a slash at its end. */
  readonly publicUrl: string
  /** A secret of 256 bits, and what of it is stored. */
  readonly newSecret: () => string
  readonly hashSecret: (secret: string) => Buffer
}

export interface Sender {
  /** Something was queued: look soon. */
  wake(): void
  /** Takes what is due and there is room for; resolves when all of it is under way. How many were taken. */
  fill(): Promise<number>
  /** Resolves when every try of this process has been answered and saved, those included that the end of another made room for. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/**
 * Sends what is due. Rows are taken with `skip locked`, each try under a fence of its own, so that any number of processes share
 * the queue and one that dies or stands still takes nothing along. The half second is how often we look, not what we wait for.
 */
export function startSender(options: SenderOptions): Sender {
  const { database, mover, clock, random, log } = options
  const recorder = createRecorder({ database, mover, actor: SENDER, clock })
  const takers = takersOf(options.adapters)
  const inFlight = new Map<string, number>()
  /** Tries and what is being settled, each until it is saved. */
  const running = new Set<Promise<void>>()
  const settling = new Set<string>()
  /** What could not be settled: it stays due, and must not take the places of what can be tried. */
  const unsettled = new SetAside<string>(clock)
  const stopping = new AbortController()
  const cutting = new AbortController()

  const lanes = (): Lane[] =>
    LANES_OF.flatMap(({ channel, urgency }) => {
      const free = inFlightMax[urgency] - (inFlight.get(keyOf(channel, urgency)) ?? 0)
      return free > 0 ? [{ channel, urgency, free }] : []
    })

  const underWay = (): Promise<unknown>[] => [...(rounds.underWay ? [rounds.underWay] : []), ...running]

  async function fill(): Promise<number> {
    const free = lanes()
    if (free.length === 0 || stopping.signal.aborted) return 0
    // One that breaks the transaction must not keep the others from being taken: then each is settled by itself.
    const { taken, over, settled } = await takeFrom(free, true).catch((error: unknown) => {
      if (!isOneAlone(error, database)) throw error
      return takeFrom(free, false)
    })
    // From here on they are ours, whatever comes: each begins in this very turn.
    for (const one of taken) begin(one)
    for (const one of over) settle(one)
    // What was settled took the place of something that is due.
    if (settled > 0) rounds.wake()
    return taken.length + over.length + settled
  }

  /** Their rows are locked already: what can be settled without waiting is, and nobody else finds it due meanwhile. */
  const takeFrom = (free: readonly Lane[], settles: boolean) =>
    database.transaction(SENDER, async (tx) => {
      const { newSecret, hashSecret } = options
      const but = [...settling, ...unsettled.keys]
      const { taken, over } = await take(tx, { lanes: free, but, leaseFor, providerOf, newSecret, hashSecret })
      const [alone, together] = settles ? parted(over) : [over, []]
      const left = await recorder.writeFree(tx, together)
      const settled = together.length - left.length
      return { taken, over: [...alone, ...together.filter((one) => left.includes(one))], settled }
    })

  /** What is settled took the place of something that is due; what cannot be is looked at again in half a second. */
  function settle({ where, happened }: Over): void {
    settling.add(where.id)
    const ending = recorder
      .write({ where, happened }, isAlone({ where, happened }))
      .then(rounds.wake, (error: unknown) => {
        unsettled.add(where.id)
        if (database.healthy)
          log.error({ why: errorMessage(error), id: where.id }, 'a notification could not be settled')
      })
      .finally(() => {
        settling.delete(where.id)
        running.delete(ending)
      })
    running.add(ending)
  }

  function providerOf(to: Destination, tries: number, before: string | null): ChannelAdapter | undefined {
    const all = takers(to)
    // What may have arrived is repeated where it can be recognised.
    return all.find(({ provider }) => provider === before) ?? all[tries % Math.max(1, all.length)]
  }

  function begin(one: Taken): void {
    const lane = keyOf(one.record.attempt.channel, urgencyOf(one.record))
    inFlight.set(lane, (inFlight.get(lane) ?? 0) + 1)
    const trying = attempt(one)
      .catch((error: unknown) => log.error({ why: errorMessage(error), id: one.record.id }, 'a try was not saved'))
      .finally(() => {
        inFlight.set(lane, (inFlight.get(lane) ?? 1) - 1)
        running.delete(trying)
        rounds.wake()
      })
    running.add(trying)
  }

  async function attempt({ record, adapter, secret }: Taken): Promise<void> {
    const limits = { clock, limit: answerWithin, cut: cutting.signal, log }
    const sent = await sendWithin(adapter, outgoingOf(record, secret), limits)
    const happened = answerOf(sent, record.attempt.fence, random)
    await saved(record, happened, 'providerId' in sent ? sent.providerId : null)
  }

  /** An answer that is lost is a message sent twice: as long as our lease lasts, it is worth asking again. */
  async function saved(where: NotificationRecord, happened: Happened, providerId: string | null): Promise<void> {
    const triesMax = leaseFor / saveAgainAfter
    const apart = touchesAddress(where.attempt.channel, happened)
    for (let tries = 1; ; tries++) {
      try {
        await recorder.write({ where, happened, providerId }, apart)
        return
      } catch (error) {
        if (tries >= triesMax || cutting.signal.aborted) throw error
        await sleep(clock, saveAgainAfter, cutting.signal)
      }
    }
  }

  function outgoingOf(record: Taken['record'], secret: string | null): Outgoing {
    const { id, address, language, content, attempt: given } = record
    return {
      id,
      purpose: given.purpose,
      urgent: given.urgent,
      address,
      language,
      ...wordsOf(content, language),
      answerUrl: secret === null ? null : `${options.publicUrl}/a/${secret}`,
    }
  }

  const trouble = 'notifications could not be taken'
  const rounds = startRounds(fill, { every: lookEvery, gathersFor: betweenRounds, clock, database, log, trouble })
  return {
    wake: rounds.wake,
    fill,
    async idle() {
      // A try that ends looks for the next one: its place is free before the next one is there.
      for (let all = underWay(); all.length > 0; all = underWay()) await Promise.all(all)
    },
    async stop() {
      stopping.abort()
      await rounds.stop()
      const cut = clock.after(graceOnStop, () => cutting.abort())
      while (running.size > 0) await Promise.all(running)
      cut.cancel()
    },
  }
}

/** Somebody may be changing it, and its row is locked behind the alarm's: who waits for it may hold no other alarm. */
const touchesAddress = (channel: Channel, happened: Happened): boolean =>
  (happened.type === 'failed' && happened.addressDead) || (happened.type === 'delivered' && channel === 'voice')

const isAlone = ({ where, happened }: Over) => touchesAddress(where.attempt.channel, happened)
const parted = (over: readonly Over[]): [alone: Over[], together: Over[]] => [
  over.filter(isAlone),
  over.filter((one) => !isAlone(one)),
]

const keyOf = (channel: Channel, urgency: Urgency): string => `${channel} ${urgency}`
