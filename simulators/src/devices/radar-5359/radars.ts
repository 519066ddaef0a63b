import { type Instant, type Millis, seconds } from '@anju/contract'
import type { TalkingDevice } from '../device.ts'
import { below, between, junk, type Room, roomAt } from '../room.ts'
import { encodeFrame } from './wire.ts'

const every: Millis = seconds(1)
const heartbeatEveryMs = 60_000
const heartbeat = encodeFrame(0x01, 0x01, [0x0f])
/** Beginnings and ends of frames, and what a loose wire makes of silence. */
const noise = [0x00, 0x53, 0x59, 0x54, 0x43, 0xff]

/** What each model says of itself and nobody measures: states of an open function, forms of a breath, dwelling. */
interface Model {
  readonly profile: string
  readonly truth: (at: Instant, room: Room) => Readonly<Record<string, number>>
  readonly frames: (at: Instant, room: Room) => readonly (readonly number[])[]
}

const presence = ({ present }: Room) => encodeFrame(0x80, 0x01, [Number(present)])
const motion = ({ present, moving }: Room) => encodeFrame(0x80, 0x02, [present ? (moving ? 2 : 1) : 0])
const movement = (room: Room) => encodeFrame(0x80, 0x03, [room.movement])
const common = ({ present, moving, movement: much }: Room) => ({
  presence: Number(present),
  motion: Number(moving),
  'body-movement': much,
})

function radar({ profile, truth, frames }: Model): TalkingDevice {
  return {
    profile,
    every,
    truth: (at) => truth(at, roomAt(at)),
    speak(at) {
      const said = frames(at, roomAt(at))
      const beat = at % heartbeatEveryMs < every ? [heartbeat] : []
      return Uint8Array.from(
        [...said, ...beat].flatMap((frame, i) => [...junk((at + i) as Instant, noise, 3), ...frame]),
      )
    },
  }
}

/** Falls, presence and movement. It also says that somebody dwells there, which is no measure. */
export const mr60fda1 = (): TalkingDevice =>
  radar({
    profile: 'seeed/mr60fda1',
    truth: (_at, room) => ({ ...common(room), fall: Number(room.fallen) }),
    frames: (_at, room) => [
      presence(room),
      motion(room),
      movement(room),
      encodeFrame(0x83, 0x01, [Number(room.fallen)]),
      encodeFrame(0x83, 0x05, [Number(room.present && !room.moving)]),
    ],
  })

/** Presence and movement; open functions and directions go along. */
export const mr24hpc1 = (): TalkingDevice =>
  radar({
    profile: 'seeed/mr24hpc1',
    truth: (_at, room) => common(room),
    frames: (at, room) => [
      presence(room),
      motion(room),
      movement(room),
      encodeFrame(0x80, 0x0b, [below(at, 2, 3)]),
      encodeFrame(0x08, 0x01, [below(at, 3, 250), 2, below(at, 4, 250), 3, 1]),
    ],
  })

/** Of nobody, and of somebody who moves, it measures 0, which is no rate. */
const ratesOf = (at: Instant, { present, moving }: Room) =>
  present && !moving
    ? { breath: between(at, 7 * 60_000, 11, 19, 1), heart: between(at, 13 * 60_000, 56, 84, 1) }
    : undefined
const centimetresTo = (at: Instant): number => between(at, 29 * 60_000, 45, 140, 1)

/** Breath and heart of somebody who keeps still, and how far they are. */
export const mr60bha1 = (): TalkingDevice =>
  radar({
    profile: 'seeed/mr60bha1',
    truth(at, room) {
      const measured = ratesOf(at, room)
      return {
        ...common(room),
        ...(room.present && { distance: centimetresTo(at) / 100 }),
        ...(measured && { 'respiration-rate': measured.breath, 'heart-rate': measured.heart }),
      }
    },
    frames(at, room) {
      const { breath, heart } = ratesOf(at, room) ?? { breath: 0, heart: 0 }
      const cm = room.present ? centimetresTo(at) : 0
      return [
        presence(room),
        motion(room),
        movement(room),
        encodeFrame(0x80, 0x04, [cm >> 8, cm & 0xff]),
        encodeFrame(0x81, 0x02, [breath]),
        encodeFrame(0x85, 0x02, [heart]),
        encodeFrame(0x81, 0x05, [128, 131, 134, 131, 127]),
      ]
    },
  })
