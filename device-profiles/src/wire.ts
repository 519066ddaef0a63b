import type { Absence, Millis } from '@anju/contract'
import type { Framing } from './frame-scanner.ts'

/** How a port must be set. */
export interface SerialSettings {
  readonly baud: number
  readonly dataBits: 7 | 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
}

/**
 * How a gateway speaks one protocol on a serial line: a folder's `wire.ts`, listed in `wires.ts`. Pure: bytes are somebody
 * else's to send, and time is somebody else's to keep. Frames are the protocol's own; what a profile decodes is a message.
 */
export type Wire<Frame = unknown, Ask = unknown, Message = unknown> =
  | PolledWire<Frame, Ask, Message>
  | HeardWire<Frame, Message>

interface AnyKind<Frame, Message> {
  /** As in `decode --protocol`. */
  readonly protocol: string
  readonly framing: Framing<Frame>
  /** An address as it is written; undefined where a line has one device and no addresses. */
  readonly addressExample: string | undefined
  /** What an address must be, when `address` is none of a device on this wire; undefined when it is one. */
  addressProblem(address: string | undefined): string | undefined
  /** For a person with a cable in hand: the frame in the protocol's own words. */
  words(frame: Frame): Readonly<Record<string, unknown>>
  /** What a device's profile would be given of this frame; undefined when a frame says nothing (a request, an echo). */
  messageOf(frame: Frame): Message | undefined
}

/** Devices that speak when asked. Several such protocols may share a line: one master asks one device at a time. */
export interface PolledWire<Frame = unknown, Ask = unknown, Message = unknown> extends AnyKind<Frame, Message> {
  readonly is: 'polled'
  readonly timing: {
    /** From the last byte of a question to the first of its answer. */
    readonly answerWithin: Millis
    /** A silence in the middle of an answer that ends it. */
    readonly gapMax: Millis
    /** The whole answer, however steadily it comes. */
    readonly wholeWithin: Millis
    /** Before the next question, for the transceivers to turn round. */
    readonly turnRound: Millis
  }
  /** Whether every device on the line would answer to it: an address only for a line with one device. */
  meansAnybody?(address: string | undefined): boolean
  /** @throws DomainError `request-malformed`, naming the field. */
  begin(asked: Asked<Ask>): Exchange<Frame, Message>
}

/** One question to one device. */
export interface Asked<Ask = unknown> {
  readonly address: string
  readonly ask: Ask
  /** Only one device hangs on this line, so what answers can only be that one. */
  readonly aloneOnBus: boolean
  /** How many questions of the same kind got no answer just now: where meters differ, the next one may be put otherwise. */
  readonly unanswered?: number
  /** The port can change its speed in the middle of a conversation; a TCP converter cannot. */
  readonly speedChanges: boolean
}

/** One read of one device, from question to whole answer. Made anew for each; time-outs are the caller's. */
export interface Exchange<Frame = unknown, Message = unknown> {
  readonly request: Uint8Array
  /** Speed of the first question, where it is not the line's own. */
  readonly baud?: number
  hear(frame: Frame): Heard<Message>
}

export type Heard<Message = unknown> =
  | { readonly is: 'answer'; readonly message: Message }
  /**
   * The answer is longer than one frame: send this next, then go on at `baud` where it is given, and wait again. `pause`: the
   * device must have been quiet for so long; if it goes on by itself, it is heard out and not interrupted.
   */
  | { readonly is: 'more'; readonly request: Uint8Array; readonly baud?: number; readonly pause?: Millis }
  /** The device answers, and has no value to give. */
  | { readonly is: 'refused'; readonly why: Extract<Absence, 'not-supported' | 'device-fault' | 'invalid'> }
  /** Not ours: another device's, an echo, something unasked. Keep waiting until the time is up. */
  | { readonly is: 'ignored'; readonly why: string }

/** Devices that speak by themselves; we only listen, and a line carries one such protocol. */
export interface HeardWire<Frame = unknown, Message = unknown> extends AnyKind<Frame, Message> {
  readonly is: 'heard'
  /** A frame never pauses so long in the middle, a converter's own buffering included. */
  readonly gapMax: Millis
  /** Whose frame it is, where many devices share a receiver; undefined where the line has one device and frames no address. */
  senderOf?(frame: Frame): string | undefined
}
