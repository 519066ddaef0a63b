import type { Instant, Millis } from '@anju/contract'

/**
 * The devices of a simulated home. Each speaks its own wire format, made here from the maker's document and not by our own
 * decoders, so that the two prove each other. What it measures is a function of the time alone: what it said at an instant
 * is what the centre must show for it, to the last digit.
 */
interface Simulated {
  /** The profile it is installed with. */
  readonly profile: string
  /** By the profile's points; a point it does not speak of at that time is not in it. */
  truth(at: Instant): Readonly<Record<string, number>>
}

/** Hangs on a bus and speaks when asked. */
export interface PolledDevice extends Simulated {
  readonly address: string
  /** What it says to these bytes, which came between two silences; nothing when they are not for it. */
  answer(heard: Uint8Array, at: Instant): Answer | undefined
}
export interface Answer {
  readonly bytes: Uint8Array
  /** The points of `truth` that it gives away with it. */
  readonly points: readonly string[]
}

/** Speaks by itself, on its own line or behind a receiver. */
export interface TalkingDevice extends Simulated {
  /** The sender in its frames, where they carry one. */
  readonly address?: string
  readonly every: Millis
  /** One or more frames that say what is true now. */
  speak(at: Instant): Uint8Array
}

/** Publishes to the gateway's broker, by itself or through its bridge. */
export interface PublishingDevice extends Simulated {
  /** As the gateway's configuration writes it. */
  readonly topic: string
  readonly options?: Readonly<Record<string, string>>
  readonly every: Millis
  publish(at: Instant): readonly Publication[]
}
export interface Publication {
  readonly topic: string
  readonly payload: string | Uint8Array
  readonly retain: boolean
}
