import { type Instant, seconds } from '@anju/contract'
import type { TalkingDevice } from '../device.ts'
import { below, junk, type Room, roomAt } from '../room.ts'

const every = seconds(1)
const framesASecond = 10
/** Beginnings and ends of frames that are none. */
const noise = [0x00, 0xf4, 0xf3, 0xf8, 0x55]

/**
 * LD2410 in basic mode (256000 8N1): `F4 F3 F2 F1 | 0D 00 | 02 AA | state | cm, energy of what moves | cm, energy of what is still |
 * cm | 55 00 | F8 F7 F6 F5`, numbers lowest byte first. The energies are there when nobody is, as on the real one.
 */
function frame(at: Instant, { present, moving }: Room): number[] {
  const state = present ? (moving ? 1 + 2 * below(at, 3, 2) : 2) : 0
  const [cm, energy] = [40 + below(at, 4, 300), 20 + below(at, 5, 60)]
  const target = [state, cm & 0xff, cm >> 8, energy, cm & 0xff, cm >> 8, energy, cm & 0xff, cm >> 8]
  return [0xf4, 0xf3, 0xf2, 0xf1, 0x0d, 0x00, 0x02, 0xaa, ...target, 0x55, 0x00, 0xf8, 0xf7, 0xf6, 0xf5]
}

export const ld2410 = (): TalkingDevice => ({
  profile: 'hilink/ld2410',
  every,
  truth(at) {
    const { present, moving } = roomAt(at)
    return { presence: Number(present), motion: Number(moving) }
  },
  speak(at) {
    const second = Array.from({ length: framesASecond }, () => frame(at, roomAt(at)))
    return Uint8Array.from(second.flatMap((one, i) => [...junk((at + i) as Instant, noise, 4), ...one]))
  },
})
