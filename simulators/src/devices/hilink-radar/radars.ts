import { type Instant, type Millis, seconds } from '@anju/contract'
import type { TalkingDevice } from '../device.ts'
import { encodeFrame } from '../fall-radar/wire.ts'
import { between, junk, type Room, roomAt } from '../room.ts'

const every: Millis = seconds(1)
/** 01 begins frames and occurs in data: a false start that no header check allows. */
const noise = [0x00, 0x01, 0x0a, 0xff]
const idMax = 0x8000

interface Model {
  readonly profile: string
  readonly truth: (at: Instant, room: Room) => Readonly<Record<string, number>>
  /** Type and data. */
  readonly frames: (at: Instant, room: Room) => readonly (readonly [type: number, data: readonly number[]])[]
}

function radar({ profile, truth, frames }: Model): TalkingDevice {
  return {
    profile,
    every,
    truth: (at) => truth(at, roomAt(at)),
    speak(at) {
      const room = roomAt(at)
      const bytes = frames(at, room).flatMap(([type, data], i) => [
        ...junk((at + i) as Instant, noise, 3),
        ...encodeFrame((Math.floor(at / every) * 8 + i) % idMax, type, data),
      ])
      return Uint8Array.from(bytes)
    },
  }
}

/** Numbers go lowest byte first, behind a header that goes highest first. */
const words = (...numbers: number[]): number[] =>
  numbers.flatMap((number) => [0, 8, 16, 24].map((at) => (number >> at) & 0xff))
const floats = (...numbers: number[]): number[] =>
  numbers.flatMap((number) => {
    const view = new DataView(new ArrayBuffer(4))
    view.setFloat32(0, number, true)
    return [...new Uint8Array(view.buffer)]
  })

const measuredOf = (at: Instant, { present, moving }: Room) =>
  present && !moving
    ? {
        breath: between(at, 7 * 60_000, 11, 19, 100),
        heart: between(at, 13 * 60_000, 56, 84, 100),
        cm: between(at, 29 * 60_000, 45, 140, 10),
      }
    : undefined

/** Breath and heart of somebody who keeps still, as floats; of nobody a rate of 0 and a distance without its flag. */
export const ld6002 = (): TalkingDevice =>
  radar({
    profile: 'hilink/ld6002',
    truth(at, room): Record<string, number> {
      const found = measuredOf(at, room)
      if (!found) return {}
      const metres = Number((found.cm / 100).toFixed(3))
      return { 'respiration-rate': found.breath, 'heart-rate': found.heart, distance: metres }
    },
    frames(at, room) {
      const { breath = 0, heart = 0, cm = 0 } = measuredOf(at, room) ?? {}
      return [
        [0x0a13, floats(1.5, 0.25, 0.125)],
        [0x0a14, floats(breath)],
        [0x0a15, floats(heart)],
        [0x0a16, [...words(cm === 0 ? 0 : 1), ...floats(cm)]],
      ]
    },
  })

/** Which of the four zones the person is in, by turns; and how far, along one line, as centimetres. */
const zoneOf = (at: Instant): number => Math.floor(at / (17 * 60_000)) % 4
const metresTo = (at: Instant): number => between(at, 19 * 60_000, 0.5, 2.9, 100)

function presenceTruth(at: Instant, { present }: Room): Record<string, number> {
  const zones = [0, 1, 2, 3].map((zone) => [`zone-${zone}`, Number(present && zone === zoneOf(at))] as const)
  return {
    presence: Number(present),
    ...Object.fromEntries(zones),
    ...(present && { 'target-distance': metresTo(at) }),
  }
}
const zones = (at: Instant, { present }: Room) =>
  [0x0a0a, words(...[0, 1, 2, 3].map((zone) => Number(present && zone === zoneOf(at))))] as const
/** The person, and behind them a chair that is taken for somebody farther away. */
const targets = (at: Instant, { present }: Room) => {
  const seen = present ? [metresTo(at), 3.5] : []
  const data = seen.flatMap((metres, cluster) => [...floats(0, metres, 0), ...words(-2, cluster)])
  return [0x0a04, [...words(seen.length), ...data]] as const
}
/** A cloud of points as long as the family sends them at most. */
const cloud = () => {
  const points = 51
  return [
    0x0a08,
    [...words(points), ...Array.from({ length: points }, (_, i) => [...words(i % 2), ...floats(1, 2, 0.5, 0)]).flat()],
  ] as const
}

export const ld6002b = (): TalkingDevice =>
  radar({
    profile: 'hilink/ld6002b',
    truth: presenceTruth,
    // 0A14 is its working mode; on its sister it is a breath.
    frames: (at, room) => [zones(at, room), targets(at, room), cloud(), [0x0a14, [1]], [0x0201, []]],
  })

export const ld6002c = (): TalkingDevice =>
  radar({
    profile: 'hilink/ld6002c',
    truth: (at, room) => ({ ...presenceTruth(at, room), fall: Number(room.fallen) }),
    frames: (at, room) => [
      [0x0e02, [Number(room.fallen)]],
      zones(at, room),
      targets(at, room),
      [0x0e0e, floats(room.fallen ? 0.2 : 1.6)],
      [0x0e0a, [1]],
    ],
  })

/** The radar of another maker with the same framing: fall and presence only. */
export const mr60fda2 = (): TalkingDevice =>
  radar({
    profile: 'seeed/mr60fda2',
    truth: (_at, { present, fallen }) => ({ presence: Number(present), fall: Number(fallen) }),
    frames: (at, { present, fallen }) => [
      [0x0f09, at % 60_000 < 30_000 ? [Number(present)] : [Number(present), 0]],
      [0x0e02, [Number(fallen)]],
      [0x0e0e, floats(fallen ? 0.2 : 1.6)],
    ],
  })
