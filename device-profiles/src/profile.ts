import type { DomainError, EventClass, EventType, Millis, Quantity, Reading } from '@anju/contract'

/** What each driver hands to a profile: one frame or payload of one device, its framing and checksum already proven. */
export interface DriverMessages {
  /** A device that publishes to the gateway's broker in its own words. */
  mqtt: { readonly topic: string; readonly payload: Uint8Array; readonly retained: boolean }
  /** One answer to a read (91): the data identifier as 8 hex digits, the data with 0x33 already taken off. */
  'dlt645-2007': { readonly di: string; readonly data: Uint8Array }
  /** One TinyFrame message. */
  tinyframe: { readonly type: number; readonly data: Uint8Array }
}
export type Driver = keyof DriverMessages

export interface Measure {
  readonly quantity: Quantity
  /** What an installer reads; the field's standard term. */
  readonly name: string
}
export type Measures = Readonly<Record<string, Measure>>

/**
 * How an event comes out of what the device says.
 * `edge`: `decode` names it each time it happens (a press). `level`: it is raised when the switch measure `of` turns 1 and
 * returned when it turns 0; absent changes nothing.
 */
export type EventRule =
  | { readonly class: EventClass; readonly from: 'edge' }
  | { readonly class: EventClass; readonly from: 'level'; readonly of: string }

export interface Decoded<Point extends string = string> {
  /** Only the points this message speaks of. */
  readonly readings: Readonly<Partial<Record<Point, Reading>>>
  /** Edge events this message declares. */
  readonly events: readonly EventType[]
}

/** Wire form of an example: hex for bytes, or an MQTT payload. */
export type Example<D extends Driver, Point extends string> = {
  readonly when: string
  readonly input: DriverMessages[D]
} & (
  | { readonly reads: Readonly<Partial<Record<Point, Reading>>>; readonly events?: readonly EventType[] }
  | { readonly fails: DomainError['code'] }
)

/** A register or data identifier that a bus master asks for, and how often. */
export interface Poll {
  readonly di: string
  readonly every: Millis
}

/** A device as data, with its own proof. What `D` is decides which message `decode` gets. */
export interface Profile<D extends Driver = Driver, M extends Measures = Measures> {
  /** `vendor/model`. */
  readonly id: string
  readonly name: string
  readonly driver: D
  /** Serial parameters the device leaves the factory with; undefined for MQTT devices. */
  readonly serial?: {
    readonly baud: number
    readonly dataBits: 7 | 8
    readonly parity: 'none' | 'even' | 'odd'
    readonly stopBits: 1 | 2
  }
  /** Vendor models whose messages this profile reads, as the device or its bridge names them. */
  readonly models: readonly string[]
  readonly supervision: { readonly reportEvery: Millis; readonly lostAfter: Millis }
  readonly measures: M
  readonly events: Readonly<Partial<Record<EventType, EventRule>>>
  /** Only for a driver that polls. */
  readonly polls?: readonly Poll[]
  /**
   * Bytes to readings, nothing else: no I/O, no clock, no state.
   * @throws DomainError `frame-malformed` or `payload-malformed` when the message is not one this device sends.
   */
  readonly decode: (message: DriverMessages[D]) => Decoded<keyof M & string>
  /** Good and bad ones; at least one must be refused. Each is a test. */
  readonly examples: readonly Example<D, keyof M & string>[]
}

/** Types a profile against itself: `decode` and the examples may only name its own measures. */
export const defineProfile = <D extends Driver, const M extends Measures>(profile: Profile<D, M>): Profile<D, M> =>
  profile
