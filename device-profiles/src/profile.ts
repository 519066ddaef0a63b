import type { DomainError, EventClass, EventType, Millis, Quantity, Reading } from '@anju/contract'
import type { SerialSettings, Wire } from './wire.ts'
import type { wires } from './wires.ts'

/**
 * A device that publishes to the gateway's broker in its own words. Whether a broker had kept the message is a matter of its
 * delivery, which the gateway judges: a profile tells what was declared, then or now.
 */
export interface MqttMessage {
  readonly topic: string
  readonly payload: Uint8Array
}
type MessageOf<W> = W extends Wire<infer _Frame, infer _Ask, infer Message> ? Message : never
type AskOf<W> = W extends { begin(asked: { readonly ask: infer Ask }): unknown } ? Ask : never

/** What each driver hands to a profile: one frame or payload of one device, its framing and checksum already proven. */
export type DriverMessages = { readonly mqtt: MqttMessage } & {
  readonly [Name in keyof typeof wires]: MessageOf<(typeof wires)[Name]>
}
export type Driver = keyof DriverMessages
/** What each driver can ask for; never where the device speaks by itself. */
export type DriverAsks = { readonly mqtt: never } & {
  readonly [Name in keyof typeof wires]: AskOf<(typeof wires)[Name]>
}

export interface Measure {
  readonly quantity: Quantity
  /** What an installer reads; the field's standard term. */
  readonly name: string
  /** A number said more often than anybody can use is kept once in so long; judged it is each time. */
  readonly keepEvery?: Millis
}
export type Measures = Readonly<Record<string, Measure>>

/**
 * How an event comes out of what the device says. Absent changes nothing: what is unknown neither raises nor clears.
 * `edge`: `decode` names it each time it happens (a press). `level`: raised when the switch `of` turns 1, returned when it
 * turns 0. `below`: raised when `of` is at or below `raiseAt`, returned when it is at or above `clearAt`. `rise`: raised each
 * time the number `of` has grown, for a detector that only counts its alarms; the first number heard is where it begins.
 */
export type EventRule =
  | { readonly class: EventClass; readonly from: 'edge' }
  | { readonly class: EventClass; readonly from: 'level'; readonly of: string }
  | {
      readonly class: EventClass
      readonly from: 'below'
      readonly of: string
      readonly raiseAt: number
      readonly clearAt: number
    }
  | { readonly class: EventClass; readonly from: 'rise'; readonly of: string }

/** A battery that can no longer be trusted to last the two weeks until somebody comes (`domain.md`: due in 14 days). */
export const batteryLow = (of: string, raiseAt = 15, clearAt = 25) =>
  ({ 'battery-low': { class: 'technical', from: 'below', of, raiseAt, clearAt } }) as const

export interface Decoded<Point extends string = string> {
  /** Only the points this message speaks of. */
  readonly readings: Readonly<Partial<Record<Point, Reading>>>
  /** Edge events this message declares. */
  readonly events: readonly EventType[]
  /** A sign of life without a reading: a heartbeat. A message that has readings or events is one anyway. */
  readonly heartbeat?: true
  /**
   * The replay guard: a number the device sends with each message. `rises`: one that is not higher was said before, by this
   * device or by somebody who recorded it. `differs`: the same one again is the same message repeated on the air.
   */
  readonly sequence?: { readonly number: number; readonly guard: 'rises' | 'differs' }
}

/** What the installer must tell of this one device beyond its address: a key, a phase, a channel. */
export interface Option {
  readonly name: string
  readonly pattern: string
  readonly required: boolean
  /** Never shown, logged or sent on. */
  readonly secret?: true
}
/** By the names of the profile's options, each as its pattern wants it. */
export type DeviceOptions = Readonly<Record<string, string>>

/** Wire form of an example: hex for bytes, or an MQTT payload. */
export type Example<D extends Driver, Point extends string> = {
  readonly when: string
  readonly input: DriverMessages[D]
  readonly options?: DeviceOptions
} & (
  | { readonly reads: Readonly<Partial<Record<Point, Reading>>>; readonly events?: readonly EventType[] }
  | { readonly fails: DomainError['code'] }
)

/** What a bus master asks for, how often, and which points the answer speaks of: these are absent when there is none. */
export interface Poll<D extends Driver = Driver> {
  /** As the configuration's `pollEveryS` calls it. */
  readonly name: string
  readonly ask: DriverAsks[D]
  readonly every: Millis
  readonly points: readonly string[]
}

/** A device as data, with its own proof. */
export interface ProfileData<D extends Driver = Driver, M extends Measures = Measures> {
  /** `vendor/model`. */
  readonly id: string
  readonly name: string
  readonly driver: D
  /** Serial parameters the device leaves the factory with; undefined for MQTT devices. */
  readonly serial?: SerialSettings
  /** For MQTT devices: what the configuration writes as the topic, NAME being what the device or its bridge is called. */
  readonly topic?: string
  /** Its identity: vendor models whose messages this profile reads, as the device, its bridge or its label names them. */
  readonly models: readonly string[]
  readonly supervision: { readonly reportEvery: Millis; readonly lostAfter: Millis }
  readonly measures: M
  readonly events: Readonly<Partial<Record<EventType, EventRule>>>
  /** Only for a driver that polls. */
  readonly polls?: readonly Poll<D>[]
  readonly options?: Readonly<Record<string, Option>>
  /** What an installer does to prove the device in its place, and the event or point that then speaks. */
  readonly walkTest: { readonly do: string; readonly proves: string }
  /** How it is connected and set, one sentence each. */
  readonly wiring: readonly string[]
  readonly knownFaults?: readonly { readonly firmware: string; readonly fault: string }[]
  /** Good and bad ones; at least one must be refused. Each is a test. */
  readonly examples: readonly Example<D, keyof M & string>[]
}

/** What `D` is decides which message `decode` gets. */
export interface Profile<D extends Driver = Driver, M extends Measures = Measures> extends ProfileData<D, M> {
  /**
   * Bytes to readings, nothing else: no I/O, no clock, no state.
   * @throws DomainError `frame-malformed` or `payload-malformed` when the message is not one this device sends.
   */
  readonly decode: (message: DriverMessages[D], options: DeviceOptions) => Decoded<keyof M & string>
}

/** Types a profile against itself: `decode` and the examples may only name its own measures. */
export const defineProfile = <D extends Driver, const M extends Measures>(profile: Profile<D, M>): Profile<D, M> =>
  profile
