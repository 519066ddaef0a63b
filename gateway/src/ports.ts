import type {
  DeviceId,
  EventClass,
  EventId,
  EventPhase,
  EventType,
  Instant,
  Lane,
  Measurement,
  Monotonic,
  PlacementId,
} from '@anju/contract'
import type { DeviceOptions, Driver, DriverMessages } from '@anju/device-profiles/profile'
import type { FileProfile } from '@anju/device-profiles/profile-file/file-profile'
import type { AnyProfile } from '@anju/device-profiles/registry'

/** What the parts write; pino fits it. */
export interface Log {
  debug(detail: object, message: string): void
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

/** One that comes with the gateway, or an installer's file. */
export type InstalledProfile = AnyProfile | FileProfile

/** A device as the configuration installs it, with the profile that says what its bytes mean. */
export interface Device {
  readonly id: DeviceId
  readonly placement: PlacementId
  readonly profile: InstalledProfile
  readonly topic?: string
  readonly line?: string
  /** The device's own address on its line. */
  readonly address?: string
  readonly options: DeviceOptions
  /** An installer's own polling intervals in place of the profile's: name of the poll → seconds. */
  readonly pollEveryS?: Readonly<Record<string, number>>
}

/** When something was heard: by the wall clock for people, by the monotonic one for ages. */
export interface Heard {
  readonly at: Instant
  readonly mono: Monotonic
}

/** One message of one device, as its driver framed it. */
export type DeviceMessage = {
  [D in Driver]: {
    readonly device: Device
    readonly driver: D
    readonly message: DriverMessages[D]
    readonly heard: Heard
    /** The sender's packet, where its protocol repeats unacknowledged ones by name (MQTT: client and message id). */
    readonly delivery?: Delivery
    /** Kept from before, by whoever sends it: what it says happened, happened before. */
    readonly retained?: boolean
  }
}[Driver]
export interface Delivery {
  readonly key: string
  /** The sender says it may have sent this before. */
  readonly repeated: boolean
}

/** An event before it has an id and a place in its lane. */
export interface EventDraft {
  readonly type: EventType
  readonly class: EventClass
  readonly phase: EventPhase
  readonly placement: PlacementId
  readonly device: DeviceId
  readonly heard: Heard
  /** What else the device said with it. */
  readonly snapshot?: Readonly<Record<string, unknown>>
}

/** What could not be understood, kept for the person who will look at it. */
export interface Quarantined {
  readonly source: string
  readonly code: string
  readonly why: string
  readonly at: Instant
  readonly bytes: Uint8Array
}

/** Everything that one thing heard leads to: on disk together or not at all. */
export interface Work {
  readonly events?: readonly EventDraft[]
  readonly samples?: readonly Measurement[]
  /** Named pieces of memory (levels, counters, supervision) that must agree with the events they caused. */
  readonly states?: Readonly<Record<string, string>>
  readonly quarantined?: readonly Quarantined[]
}

export type EventLane = Exclude<Lane, 'telemetry'>

/** An event on disk, unsettled. */
export interface EventEntry {
  readonly lane: EventLane
  readonly boot: number
  readonly seq: number
  readonly id: EventId
  readonly heardAt: Instant
  readonly heardMono: Monotonic
  readonly storedAt: Instant
  /** The server refused its full form: only what an alarm needs is sent. */
  readonly minimal: boolean
  readonly body: EventBody
}
export interface EventBody {
  readonly type: string
  readonly class: EventClass
  readonly phase: EventPhase
  readonly placement: PlacementId
  readonly device: DeviceId
  readonly snapshot?: Readonly<Record<string, unknown>>
}

/** A sealed message of samples on disk, unsettled. `series` is the JSON text it will be sent with. */
export interface TelemetryEntry {
  readonly lane: 'telemetry'
  readonly boot: number
  readonly seq: number
  readonly id: string
  readonly series: string
}
export type Entry = EventEntry | TelemetryEntry
export interface EntryKey {
  readonly boot: number
  readonly seq: number
}

export type QueueDepths = Readonly<Record<Lane, number>>
export interface LinkState {
  readonly id: string
  readonly state: 'up' | 'down' | 'degraded'
  readonly why?: string
}
