import type { DownKind, ErrorCode, GatewayId, HealthMessage, LastWill, ResultMessage, UpKind } from '@anju/contract'
import type { Downlink, HeardEvent } from './ports.ts'

/** One message of an authenticated gateway. */
export interface Uplink {
  readonly gateway: GatewayId
  /** Undefined when the topic is not one of this gateway's own; such a message is for the quarantine. */
  readonly kind: UpKind | undefined
  readonly topic: string
  /** A view into a network buffer: copy what outlives the call, or it keeps the whole buffer alive. */
  readonly payload: Uint8Array
}

/**
 * Whether the broker may acknowledge: `true` at once, or later by promise. `false` means that it must never be acknowledged
 * (the store did not take it); the gateway sends it again. The promise never rejects.
 */
export type Verdict = true | Promise<boolean>
export type UplinkHandler = (uplink: Uplink) => Verdict

export interface BrokerFigures {
  readonly connections: number
  readonly refusedConnections: number
  readonly aclViolations: number
  /** Words to homes that were away or too slow to take them. */
  readonly undelivered: number
}

/** The MQTT side of the uplink, whether the broker is inside this process or outside. One suite tests every adapter. */
export interface Broker extends Downlink {
  /** Set once, before the first gateway connects. */
  onUplink(handler: UplinkHandler): void
  /** As `send`, for a message that is JSON already. */
  sendText(gateway: GatewayId, kind: DownKind, json: string): void
  /** Able to take a press now. */
  readonly ready: boolean
  readonly figures: BrokerFigures
  /** Ends the sessions of a gateway whose credentials changed. */
  disconnect(gateway: GatewayId): void
  close(): Promise<void>
}

/** What a gateway sent and could not be taken. Off the alarm's path: noting it costs the caller nothing and never fails. */
export interface Quarantine {
  put(gateway: GatewayId, topic: string, code: ErrorCode, why: string, payload: Uint8Array): void
}

/** Telemetry on its way to the store, off the alarm's thread. */
export interface TelemetryIntake {
  /** Copies the payload; false when as much waits as may, and the home should come back later. */
  accept(gateway: GatewayId, payload: Uint8Array): boolean
  /** When to come back, in seconds. */
  readonly retryAfterS: number
}

/** Runs of sequence numbers that were settled at a gateway and never came. */
export interface GapFinder {
  /** Notes an event that was committed or is a duplicate. */
  see(event: HeardEvent): void
  /** What a gateway answered to a command. */
  answered(gateway: GatewayId, result: ResultMessage): void
}

/** Whoever draws something from what gateways say of themselves. Noting it costs the caller nothing and never fails. */
export interface HealthListener {
  health(gateway: GatewayId, message: HealthMessage): void
}

/** Who is alive. Noting it costs the caller nothing and never fails. */
export interface Presence extends HealthListener {
  /** Any word of the gateway. */
  heard(gateway: GatewayId): void
  /** The last will: that connection of it died. */
  lost(gateway: GatewayId, will: LastWill): void
}

/** The logger's part that adapters use. */
export interface Log {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}
