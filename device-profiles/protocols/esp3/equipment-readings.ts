import { DomainError, type Reading, reading } from '@anju/contract'
import type { Decoded } from '../../src/profile.ts'
import { equipmentReader } from './equipment-profiles.ts'
import { isTeachIn, type Telegram } from './telegram.ts'

/** Sealed with a key, or on the way to one (RORG 30 to 35): nothing in them is a reading before they are opened. */
const SEALED: ReadonlySet<number> = new Set([0x30, 0x31, 0x32, 0x33, 0x34, 0x35])

/**
 * What a telegram says to a device of the equipment profile `eep` that measures `points`, and how well it was received.
 * Undefined for one that asks to be taught in: that is no reading, whatever its other bits look like.
 * @throws DomainError `frame-unknown` for a sealed telegram, one of another kind, and a profile nobody knows.
 */
export function equipmentReadings<Point extends string>(
  eep: string,
  telegram: Telegram,
  points: readonly Point[],
): Decoded<Point | 'signal-strength'> | undefined {
  const { rorg, payload, dbm } = telegram
  if (SEALED.has(rorg)) throw new DomainError('frame-unknown', `RORG ${hex(rorg)}: sealed telegrams are not supported`)
  if (isTeachIn(telegram)) return undefined
  const read = equipmentReader(eep)
  if (!read) throw new DomainError('frame-unknown', `${eep}: not an equipment profile we know`)
  if (Number.parseInt(eep.slice(0, 2), 16) !== rorg)
    throw new DomainError('frame-unknown', `a telegram of RORG ${hex(rorg)} from a device of ${eep}`)
  const readings = {} as { [One in Point | 'signal-strength']?: Reading }
  for (const { point, reading: value } of read(payload, telegram).readings) {
    const known = points.find((one) => one === point)
    if (known !== undefined) readings[known] = toHundredth(value)
  }
  // dBm are thirty less in dBW.
  if (dbm !== undefined) readings['signal-strength'] = reading(dbm - 30)
  return { readings, events: [] }
}

export const nothing = { readings: {}, events: [] } as const
/** The energy bow of a rocker, cord or pendant: pressed now, whichever of its sides. */
export const isPressed = ({ payload }: Telegram): boolean => ((payload[0] ?? 0) & 0x10) !== 0

/** The steps of EnOcean's bytes are wider than a hundredth: what is behind it is the double's dust, and no digit. */
const toHundredth = (given: Reading): Reading =>
  given.is === 'value' ? reading(Number(given.value.toFixed(2))) : given

const hex = (byte: number): string => byte.toString(16).padStart(2, '0').toUpperCase()
