import { hours, type Instant, minutes } from '@anju/contract'
import type { TalkingDevice } from '../device.ts'
import { below } from '../room.ts'

/** What one press or one opening puts on the air: the same code again and again, each time measured a little differently. */
const repeats = 20

/**
 * The receiver's message for a code it knows (19200 8N1): `AA A4 | pause | short | long, µs, high byte first | 24 bits | 55`. There is
 * no checksum.
 */
function received(at: Instant, repeat: number, code: number): number[] {
  const jitter = (use: number) => below(at, use + repeat * 3, 41) - 20
  const us = [11_300 + 10 * jitter(20), 300 + jitter(21), 900 + jitter(22)]
  return [
    0xaa,
    0xa4,
    ...us.flatMap((time) => [time >> 8, time & 0xff]),
    code >> 16,
    (code >> 8) & 0xff,
    code & 0xff,
    0x55,
  ]
}

/** A receiver set to raw pulses: `AA B1 | how many lengths | each in µs | a nibble for each pulse and pause | 55`. */
function raw(at: Instant, repeat: number, code: number): number[] {
  const jitter = (use: number) => below(at, use + repeat * 3, 31) - 15
  const us = [300 + jitter(20), 900 + jitter(21), 9_300 + jitter(22)]
  const bits = Array.from({ length: 24 }, (_, i) => ((code >> (23 - i)) & 1 ? 0x10 : 0x01))
  return [0xaa, 0xb1, us.length, ...us.flatMap((time) => [time >> 8, time & 0xff]), ...bits, 0x02, 0x55]
}

const codeOf = (id: string, key: number): number => (Number.parseInt(id, 16) << 4) | key

/** The receiver acknowledges orders nobody here gives, and a loose wire puts zeros between. */
const between = [0x00, 0xaa, 0xa0, 0x55, 0x00]

const burst = (at: Instant, code: number, message: typeof received): Uint8Array =>
  Uint8Array.from(
    Array.from({ length: repeats }, (_, i) => [...(i % 5 === 0 ? between : []), ...message(at, i, code)]).flat(),
  )

/** Somebody presses it every few hours. It has nothing else to say, and says nothing between. */
export const ev1527Button = (id: string, key = 0x1): TalkingDevice => ({
  profile: 'ev1527/button',
  address: id,
  every: hours(5),
  truth: () => ({}),
  speak: (at) => burst(at, codeOf(id, key), received),
})

const closed = (at: Instant): boolean => Math.floor(at / minutes(10)) % 4 !== 0

/** A door that somebody goes through, with the keys of the Kerui contacts: E open, 7 closed. */
export const ev1527Contact = (id: string): TalkingDevice => ({
  profile: 'ev1527/contact',
  address: id,
  every: minutes(10),
  truth: (at) => ({ contact: Number(closed(at)) }),
  speak: (at) => burst(at, codeOf(id, closed(at) ? 0x7 : 0xe), below(at, 5, 2) === 0 ? received : raw),
})
