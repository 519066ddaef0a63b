import { hours, type Instant, type Millis, minutes } from '@anju/contract'
import type { TalkingDevice } from '../device.ts'
import { below, junk, roomAt, wave } from '../room.ts'
import { encodeTelegram, response } from './wire.ts'

interface Sender {
  readonly profile: string
  readonly address: string
  readonly every: Millis
  readonly rorg: number
  /** Pressed, then let go: one telegram each. */
  readonly payloads: (at: Instant) => readonly (readonly number[])[]
  readonly truth: (at: Instant) => Readonly<Record<string, number>>
}

const dbmAt = (at: Instant): number => -45 - below(at, 9, 40)
/** Repeaters on the way send a telegram again within milliseconds, and count themselves in its status. */
const repeaters = [0x00, 0x01]

function sender({ profile, address, every, rorg, payloads, truth }: Sender): TalkingDevice {
  return {
    profile,
    address,
    every,
    truth: (at) => ({ ...truth(at), 'signal-strength': dbmAt(at) - 30 }),
    speak(at) {
      const telegrams = payloads(at).flatMap((payload) =>
        repeaters.map((status) => encodeTelegram({ rorg, payload, sender: address, status, dbm: dbmAt(at) })),
      )
      const between = [...junk(at, [0x00, 0x55, 0xff], 3), ...(below(at, 6, 4) === 0 ? response : [])]
      return Uint8Array.from(telegrams.flatMap((telegram) => [...between, ...telegram]))
    },
  }
}

const closed = (at: Instant): boolean => Math.floor(at / minutes(10)) % 4 !== 0

export const doorContact = (id: string): TalkingDevice =>
  sender({
    profile: 'enocean/contact',
    address: id,
    every: minutes(10),
    rorg: 0xd5,
    payloads: (at) => [[closed(at) ? 0x09 : 0x08]],
    truth: (at) => ({ contact: Number(closed(at)) }),
  })

/** Pressed every few hours, and let go. */
export const pendant = (id: string): TalkingDevice =>
  sender({
    profile: 'enocean/pendant',
    address: id,
    every: hours(5),
    rorg: 0xf6,
    payloads: (at) => [[[0x10, 0x30, 0x50, 0x70][below(at, 2, 4)] ?? 0x10], [0x00]],
    truth: () => ({}),
  })

/** Wet for a quarter of an hour a day. */
export const waterDetector = (id: string): TalkingDevice =>
  sender({
    profile: 'enocean/leak',
    address: id,
    every: minutes(5),
    rorg: 0xf6,
    payloads: (at) => [[roomAt(at).fallen ? 0x11 : 0x00]],
    truth: (at) => ({ 'water-leak': Number(roomAt(at).fallen) }),
  })

/** A byte that goes up and down with the day. */
const daily = (at: Instant, middle: number, swing: number): number => middle + Math.round(swing * wave(at, hours(24)))

/** 8 bits over 40 °C, 255 at the lower end: what it has to give is one of 256 temperatures. */
export const roomThermometer = (id: string): TalkingDevice =>
  sender({
    profile: 'enocean/temperature',
    address: id,
    every: minutes(16),
    rorg: 0xa5,
    payloads: (at) => [[0x00, 0x00, daily(at, 120, 30), 0x08]],
    truth: (at) => ({ temperature: Number((40 * (1 - daily(at, 120, 30) / 255)).toFixed(2)) }),
  })

/** 250 steps each over 40 °C and 100 %, the right way up. */
export const roomClimate = (id: string): TalkingDevice =>
  sender({
    profile: 'enocean/temp-hum',
    address: id,
    every: minutes(16),
    rorg: 0xa5,
    payloads: (at) => [[0x00, daily(at, 120, 40), daily(at, 130, 20), 0x0a]],
    truth: (at) => ({
      temperature: Number((daily(at, 130, 20) * 0.16).toFixed(2)),
      humidity: Number((daily(at, 120, 40) * 0.4).toFixed(1)),
    }),
  })

export const motionDetector = (id: string): TalkingDevice =>
  sender({
    profile: 'enocean/motion',
    address: id,
    every: minutes(3),
    rorg: 0xa5,
    payloads: (at) => [[0x00, 0x00, roomAt(at).moving ? 0xff : 0x00, 0x08]],
    truth: (at) => ({ motion: Number(roomAt(at).moving) }),
  })
