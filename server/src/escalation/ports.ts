import type { AlarmId, CentreId, EventClass, HomeId, Instant, PersonId } from '@anju/contract'
import type { AskedConsole, Channel, NotificationState, TimelineKind, Track } from '@anju/contract/api'
import type { AlarmRecord } from '../alarms/record.ts'
import type { AskedTarget } from '../domain/escalation/last-resort.ts'
import type { Position } from '../domain/escalation/run.ts'
import type { Transaction } from '../ports.ts'

/** Somebody a target stands for, and how they can be reached. */
export interface Recipient {
  readonly kind: 'contact' | 'responder' | 'person' | 'centre' | 'queue'
  readonly id: string
  readonly name: string
  readonly language: 'zh-CN' | 'en'
  /** In their own order. `console` for whoever sits at one; its address is the seat, the centre or the queue. */
  readonly ways: readonly { readonly channel: Channel; readonly address: string }[]
  /** How often they themselves had their turn in this step, where that is not every time it was asked: one of many who take turns. */
  readonly turn?: number
}

export interface Whose {
  readonly centre: CentreId
  readonly home: HomeId
  /** For what is neither life nor hazard: who is outside of their hours is left alone. Life breaks through quiet hours. */
  readonly keepsHours?: boolean
  /**
   * When the centre opened the alarm, by its own clock (the gateway's may say 1970): a contact who was removed since keeps their
   * place in the list.
   */
  readonly openedAt?: Instant
}

/** Who is meant by a target at this moment: shifts, hours, consents and zones applied. Implemented by `roster/`. */
export interface Roster {
  /** `turn`, from 0: how often this step was asked before; of more than can be asked at once, those who are next. */
  resolve(tx: Transaction, whose: Whose, target: AskedTarget, now: Instant, turn: number): Promise<readonly Recipient[]>
}

export interface Attempt {
  readonly recipient: Recipient
  readonly channel: Channel
  readonly address: string
}
export interface AskedAlarm extends Whose {
  readonly alarm: AlarmId
  readonly type: string
  readonly class: EventClass
  readonly test: boolean
  readonly openedAt: Instant
}
/** An attempt that failed, or that does not leave. */
export interface Failure {
  readonly kind: Recipient['kind']
  readonly id: string
  readonly name: string
  readonly channel: Channel
  readonly why: string | null
}
/** How an attempt stands; `retrying` while the sender will try it soon. */
export interface AttemptState {
  /** Kind and id: the same for every attempt to reach one person. */
  readonly recipient: string
  readonly state: NotificationState
  readonly retrying: boolean
}

/** A track, and where the wave is that it has under way. */
export interface Looked {
  readonly alarm: AlarmId
  readonly track: Track
  readonly position: Position | null
}
export interface TrackEvidence {
  /**
   * The latest time until which somebody of this track said they would see to it; null when nobody did: of the centre's own,
   * since it last happened again; of the family, for whichever alarm of the home.
   */
  readonly acceptedUntil: Instant | null
  /** What becomes of other alarms of the home changes this one's `acceptedUntil`, and nothing tells it so. */
  readonly beside: boolean
  /** Of a closed alarm: somebody was asked elsewhere than at a console, or answered in the app. */
  readonly askedElsewhere: boolean
  /** The attempts of the wave under way; none without one. */
  readonly wave: readonly AttemptState[]
}

/** Those whom a wave asks, and how. */
export interface Wave {
  readonly alarm: AskedAlarm
  readonly track: Track
  readonly position: Position
  readonly attempts: readonly Attempt[]
}
export interface TrackOfAlarm {
  readonly alarm: AlarmId
  readonly track: Track
}
/** A track whose people need not go. */
export interface EndedTrack extends TrackOfAlarm {
  readonly because: 'accepted' | 'closed'
}

/**
 * The ledger of attempts. Every call is inside the caller's transaction, under the alarms' locks. What is only written is sent, not
 * awaited: the transaction throws what fails. Implemented by `notifications/`.
 */
export interface Ledger {
  /** Those that somebody here can send: what they answer is to be waited for. */
  awaited(attempts: readonly Attempt[]): readonly Attempt[]
  /**
   * Queues attempts; one that is in the ledger already (same track, round, step, person, channel) is not made again. Those that
   * nobody here can send have failed at once.
   */
  queue(tx: Transaction, waves: readonly Wave[]): void
  /** What is queued on these tracks and has not left is cancelled. */
  withdraw(tx: Transaction, tracks: readonly TrackOfAlarm[]): void
  /**
   * Queues a stand-down for everybody who was asked outside a console and was not told yet, on the channel that got furthest;
   * not for who accepted, unless the alarm is closed. Whoever was told so in vain is told on the next of their ways.
   * @returns those of `tracks` (themselves) of whom somebody is still to be told: another alarm of their home wants them for now
   */
  standDown(tx: Transaction, tracks: readonly EndedTrack[]): Promise<readonly EndedTrack[]>
  /** Each of these tracks with what has become of those it asked. */
  evidence<One extends Looked>(tx: Transaction, of: readonly One[]): Promise<readonly (One & TrackEvidence)[]>
  /** What of one wave did not reach anybody, and why. */
  failures(tx: Transaction, alarm: AlarmId, track: Track, position: Position): Promise<readonly Failure[]>
  /** Who said in this step of this round that they cannot, by kind and id: another channel would only ask them again. */
  declined(tx: Transaction, alarm: AlarmId, track: Track, position: Position): Promise<ReadonlySet<string>>
  /** In how many rounds before this one this step was asked: a round that was broken off has not come to all of its steps. */
  turnOf(tx: Transaction, alarm: AlarmId, track: Track, position: Position): Promise<number>
  /**
   * Whether the first `steps` steps of a round have reached nobody, nor will: they asked nobody, or all of it failed. Of the family's
   * track also whether the home has anybody to be reached at all.
   */
  unreached(tx: Transaction, alarm: AskedAlarm, track: Track, round: number, steps: number): Promise<boolean>
}

/** An alarm that is locked, and the time read after the lock. */
export interface LockedAlarm {
  readonly alarm: AlarmRecord
  readonly now: Instant
}
/** What the others need of an alarm's own side. Implemented by `alarms/`. */
export interface AlarmDesk {
  /** Those that this transaction has locked already. */
  held(tx: Transaction, ids: readonly AlarmId[]): Promise<readonly LockedAlarm[]>
  /** Waits for whoever has it; undefined when there is none. */
  lock(tx: Transaction, id: AlarmId): Promise<LockedAlarm | undefined>
  /**
   * The alarm with one more entry of its timeline; a new version, so that no console takes it for an older one.
   * `handOnTo`: the centres that see it from now on, too; an empty list takes it back from all.
   */
  tell(locked: LockedAlarm, entry: DeskEntry, handOnTo?: readonly CentreId[]): LockedAlarm
  /** Writes down what these alarms have been told, and tells the consoles: for all of them together. */
  write(tx: Transaction, alarms: readonly LockedAlarm[]): void
}
export interface DeskEntry {
  readonly kind: TimelineKind
  readonly text?: string
  readonly by?: { readonly person: PersonId; readonly name: string }
  readonly detail: Readonly<Record<string, unknown>>
  /** Whose consoles this asks: they sound again. */
  readonly asked?: readonly AskedConsole[]
}

/** Told in the transaction that made it true: the escalation of these alarms is to be looked at now. Implemented by `escalation/`. */
export interface EscalationSignal {
  /** `tracks`: those alone, when something has become of whom they asked. */
  wake(tx: Transaction, alarms: readonly AlarmId[], tracks?: readonly Track[]): void
}

/** An alarm as the choice of its policy needs it. */
export interface BegunAlarm extends Whose {
  readonly id: AlarmId
  readonly type: string
  readonly case: { readonly class: EventClass }
  readonly receivedAt: Instant
  readonly episode: { readonly lateByMs: number; readonly test: boolean }
}
/** What the alarms' side tells. All of it is sent with the alarm's own statements, in its transaction, and not waited for. */
export interface Escalations extends EscalationSignal {
  /** A track for each of the policy's; an alarm keeps those that it has already, but what became graver goes on by the graver policy. */
  start(tx: Transaction, alarms: readonly BegunAlarm[]): void
  /** Wakes the tracks that go on otherwise by what has become of an alarm. */
  became(tx: Transaction, before: AlarmRecord, after: AlarmRecord): void
  /** The test in these homes is over: of what happened in it and nobody took is asked now whether it was one. */
  testEnded(tx: Transaction, homes: readonly HomeId[]): Promise<void>
}
