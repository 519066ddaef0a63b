import { absent, DomainError, type Reading, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Point = 'presence' | 'fall'

const FALL = 0x0e02
const PRESENCE = 0x0f09
/** Answers to settings, the parameters and the target's height: said by this radar, and nothing a home measures. */
const SILENT_TYPES: ReadonlySet<number> = new Set([
  0x0e01, 0x010e, 0x0e04, 0x0e06, 0x0e08, 0x0e0a, 0x0e0c, 0x0e0e, 0x2110,
])

export function decode({ type, data }: DriverMessages['tinyframe']): Decoded<Point> {
  const input = new ByteReader(data)
  switch (type) {
    case FALL: {
      const flag = input.u8()
      input.end()
      return { readings: { fall: switchOf(flag) }, events: [] }
    }
    case PRESENCE: {
      // One byte in most firmware, two in some.
      const flag = data.byteLength === 2 ? input.u16le() : input.u8()
      input.end()
      return { readings: { presence: switchOf(flag) }, events: [] }
    }
    default:
      if (SILENT_TYPES.has(type)) return { readings: {}, events: [] }
      throw new DomainError('frame-unknown', `type ${type.toString(16).padStart(4, '0')} is none of this radar's`, {
        type,
      })
  }
}

/** Anything but 0 and 1 is no answer: unknown must neither raise a fall nor clear one. */
const switchOf = (flag: number): Reading => (flag <= 1 ? reading(flag) : absent('invalid'))
