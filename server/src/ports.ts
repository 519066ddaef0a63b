import type {
  CentreId,
  DownKind,
  ErrorCode,
  EventId,
  EventMessage,
  GatewayId,
  HomeId,
  PersonId,
  SessionId,
} from '@anju/contract'
import type { LiveItem, Role } from '@anju/contract/api'

/** On whose behalf a query runs. Every transaction has one; row-level security reads it. */
export type Actor =
  | {
      readonly kind: 'person'
      readonly person: PersonId
      readonly name: string
      readonly session: SessionId
      readonly role: Role
      readonly centre: CentreId
    }
  /** A part of the server itself (`ingest`, `deadlines`, `telemetry`, `login`); sees every centre. */
  | { readonly kind: 'system'; readonly part: string }

export type PersonActor = Extract<Actor, { readonly kind: 'person' }>

/** One transaction, already scoped to its actor. */
export interface Transaction {
  /** Runs one statement. `name` makes it a prepared statement of its connection: use it on hot paths. */
  query<Row>(text: string, values?: readonly unknown[], name?: string): Promise<Row[]>
  /**
   * Runs when the work is done, right before COMMIT: for a lock that everybody wants and nobody may hold while they work. It sends
   * and does not wait; what it sends fails the transaction as any statement does.
   */
  beforeCommit(task: () => void): void
  /**
   * Its locks are free at COMMIT, and not only when the disk has it: for whoever holds what everybody wants. It is done, and
   * `afterCommit` runs, when the disk has it all the same, and all that it has read of others who did as it does.
   */
  unlocksEarly(): void
  /** Runs after COMMIT has succeeded, in order; never when the transaction is rolled back. Must not throw. */
  afterCommit(task: () => void): void
}

/** A transaction behind others that have not been answered yet. */
export interface LineTransaction extends Transaction {
  /** Runs when it is known not to be saved, before anything more is sent behind it. Must not throw. */
  ifRefused(task: () => void): void
}

/** Refused: something was not as the transaction took for granted; a fresh one may find out how it is. */
export type InLine<T> =
  | { readonly outcome: 'saved'; readonly result: T }
  /** `taken`: the unique key that was, if that was it. */
  | { readonly outcome: 'refused'; readonly taken: string | undefined }

export interface Database {
  /**
   * Runs `work` in one transaction as `actor`; commits when it resolves, rolls back when it throws.
   * Serialization failures, deadlocks and unique races marked as retryable are tried again with a fresh transaction.
   * `asks`: `by-key` for what finds its rows by key alone, and often: its plans are made once and kept.
   * @throws DomainError `store-unavailable` when PostgreSQL cannot be reached.
   */
  transaction<T>(actor: Actor, work: (tx: Transaction) => Promise<T>, asks?: 'by-key'): Promise<T>
  /**
   * For the intake: a transaction behind the others of its line, sent before they have been answered; it is saved only if they
   * are. `work` runs in one turn, sends and awaits nothing; when it sends nothing, nothing happens. It is never tried again.
   * @throws DomainError `store-unavailable`, or what is wrong with it: then nothing is saved, either.
   */
  inLine<T>(work: (tx: LineTransaction) => T): Promise<InLine<T>>
  /** Whether the last thing asked of PostgreSQL was answered; kept fresh by a probe. */
  readonly healthy: boolean
  onHealth(listener: (healthy: boolean) => void): void
  close(): Promise<void>
}

/** An event as a gateway sent it: validated, authenticated, and its topic's gateway is its source. */
export interface HeardEvent {
  readonly gateway: GatewayId
  readonly message: EventMessage
  /** Set for the centre's own word (a silence, a wrong clock), which no gateway sent; never for what came from outside. */
  readonly own?: { readonly home: HomeOfGateway; readonly urgent: boolean }
}
export type EventOutcome =
  | { readonly event: EventId; readonly outcome: 'committed' | 'duplicate' }
  | { readonly event: EventId; readonly outcome: 'refused'; readonly code: ErrorCode }

/** Events become occurrences of alarms. Implemented by `alarms/`, called by `ingest/`. */
export interface EventIntake {
  /**
   * Commits a batch in one transaction (durable when it resolves) and answers for each, in order. Idempotent by event id.
   * @throws DomainError `store-unavailable`; then nothing of the batch is committed and nothing may be receipted.
   */
  commit(batch: readonly HeardEvent[]): Promise<readonly EventOutcome[]>
}

/** What becomes of open alarms when nobody can hear their devices. Implemented by `alarms/`, called by `gateways/`. */
export interface Hearing {
  /** These gateways fell silent: what was active behind them is unknown now, and no new alarm. */
  unheard(gateways: readonly GatewayId[]): Promise<void>
  /** They are back: what they said last holds again. */
  heard(gateways: readonly GatewayId[]): Promise<void>
}

/** Words towards a home. Best effort: a gateway that is away hears nothing, and asks for nothing twice. Never throws. */
export interface Downlink {
  send(gateway: GatewayId, kind: DownKind, message: object): void
}

/** Appends to the numbered stream of a centre, with the transaction that made it true. Implemented by `live/`. */
export interface LiveLog {
  append(tx: Transaction, centre: CentreId, items: readonly LiveLogItem[]): void
}
/** A live item without its `prev`, which the log gives it; `home` is for scoping. */
export interface LiveLogItem {
  readonly event: Exclude<LiveItem['event'], 'status' | 'reset'>
  readonly home: HomeId | null
  readonly data: object
}

export interface HomeOfGateway {
  readonly home: HomeId
  readonly centre: CentreId
}

/** Who a gateway is, for the broker and the ingest. Implemented by `gateways/`. */
export interface GatewayDirectory {
  /** The gateway whose credentials these are, from memory when it was seen before (the broker must be able to answer while PostgreSQL is away). */
  authenticate(username: string, password: string): Promise<GatewayId | undefined>
  /** At once for one that is remembered: a burst asks for every event, and a promise each would cost more than the answer. */
  homeOf(gateway: GatewayId): HomeOfGateway | undefined | Promise<HomeOfGateway | undefined>
}
