import type { ErrorCode, EventType, Quantity, Reading } from '@anju/contract'
import type { RefusalReason, Scanned } from './frame-scanner.ts'

/** Bytes as they came, and for MQTT the topic they came under. */
export interface ProtocolInput {
  readonly bytes: Uint8Array
  readonly topic: string
  /**
   * What the reader knows of the device and the bytes do not say: for Modbus `vendor/model@first register`, for EnOcean an
   * equipment profile. Without it only what the frame says by itself is told.
   */
  readonly device?: string | undefined
  /** LoRaWAN: the port says which of a device's formats the bytes are. */
  readonly fPort?: number | undefined
  /** Of a device that encrypts by itself: its key and its address, first byte first. */
  readonly key?: Uint8Array | undefined
  readonly mac?: Uint8Array | undefined
}

/**
 * What one frame or payload says, in words for a person with a cable in hand and for the vectors: without a profile, so only
 * what the protocol itself says. The pipeline never sees this; it goes by profiles.
 */
export interface Told {
  readonly is: 'told'
  /** Address, control, direction …: JSON, in the protocol's own terms. */
  readonly frame: Readonly<Record<string, unknown>>
  readonly readings: readonly PointReading[]
  readonly events: readonly EventType[]
}
export interface PointReading {
  readonly point: string
  readonly quantity: Quantity
  readonly reading: Reading
}
export interface Refused {
  readonly is: 'refused'
  readonly code: ErrorCode
  readonly reason:
    | RefusalReason
    | 'not-this-protocol'
    | 'malformed'
    | 'unencrypted'
    | 'key-missing'
    | 'no-answer-line'
    | 'error-result'
  readonly why: string
  /** What a device itself says was wrong: the number of its error. */
  readonly words?: Readonly<Record<string, unknown>>
}
/** Bytes beside good frames that only began like one: noise, as far as anybody can tell. */
export interface Skipped {
  readonly is: 'skipped'
  readonly why: string
}
export type Telling = Told | Refused | Skipped

export interface Protocol {
  /** As in the vectors. */
  readonly name: string
  readonly read: (input: ProtocolInput) => readonly Telling[]
}

/**
 * What a scanner found, told frame by frame; a buffer without anything like a frame is refused as a whole. After a broken
 * frame the scanner complains again at every start byte inside it: one loss is told once.
 */
export function tellScanned<Frame>(
  found: readonly Scanned<Frame>[],
  tell: (frame: Frame) => Telling,
  whyNothing: string,
): readonly Telling[] {
  if (found.length === 0)
    return [{ is: 'refused', code: 'frame-unknown', reason: 'not-this-protocol', why: whyNothing }]
  const anyFrame = found.some(({ is }) => is === 'frame')
  return found
    .filter(({ is }, i) => is === 'frame' || i === 0 || found[i - 1]?.is === 'frame')
    .map((item) => {
      if (item.is === 'frame') return tell(item.frame)
      return anyFrame && item.reason !== 'checksum' ? { is: 'skipped', why: item.why } : item
    })
}
