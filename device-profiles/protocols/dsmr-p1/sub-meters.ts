import { cubicMetres, heatKwh } from '../../src/obis.ts'
import type { PointReading } from '../../src/telling.ts'
import { type DataSet, firstOfEach, type Group, readDataSets } from '../iec62056-21/data-sets.ts'
import type { P1Telegram } from './framing.ts'
import { epochOf } from './printed-time.ts'

/** A meter behind the electricity meter, on its M-Bus (DSMR 5.0.2 §6.12). */
export interface SubMeter {
  readonly channel: number
  readonly type: number | null
  /** `time` in milliseconds since 1970. */
  readonly reads?: { readonly value: string; readonly unit: string | undefined; readonly time: number | null }
}

/** What time it is for the meter that speaks. */
export const TIME = '0-0:1.0.0'

/** The first set of each address. @throws DomainError as `readDataSets`. */
export function setsOf({ data, crc }: P1Telegram) {
  // Only a CRC lets a strange line be a maker's own; without one it is a sign that digits are wrong elsewhere, too.
  const { sets, foreignLines } = readDataSets(data, { strict: crc === undefined })
  return { first: firstOfEach(sets), foreignLines }
}

/** The last group is the value: what stands before it are times and counts. Unit and value stand apart in version 2. */
export function valueOf(set: DataSet): Group {
  const last = set.more.at(-1)
  if (!last) return set
  if (last.unit !== undefined || !/^0-\d:24\.3\.0$/.test(set.address)) return last
  return { value: last.value, unit: set.more.at(-2)?.value }
}

const TYPE = ':24.1.0'
const REGISTERS: readonly string[] = [':24.2.1', ':24.2.3', ':24.3.0']

/** The meters that read by channel; behind them those that only are there. */
export function metersBehind(sets: ReadonlyMap<string, DataSet>): readonly SubMeter[] {
  const types: (number | undefined)[] = []
  const reads: SubMeter['reads'][] = []
  for (const set of sets.values()) {
    const channel = channelOf(set.address)
    if (channel === undefined) continue
    const register = set.address.slice(CHANNEL_AT + 1)
    if (register === TYPE && /^\d{1,3}$/.test(set.value)) types[channel] = Number(set.value)
    // A register with one group has no time: it declares the meter and says nothing.
    if (set.more.length === 0 || !REGISTERS.includes(register)) continue
    const { value, unit } = valueOf(set)
    reads[channel] = { value, unit, time: epochOf(set.value) }
  }
  const meters: SubMeter[] = []
  // An old meter that was replaced keeps its channel and prints zero without a unit: it goes behind the one that reads.
  const ghosts: SubMeter[] = []
  for (let channel = 1; channel < Math.max(types.length, reads.length); channel++) {
    const type = types[channel] ?? null
    const given = reads[channel]
    if (given) (given.unit === undefined ? ghosts : meters).push({ channel, type, reads: given })
    else if (type !== null) ghosts.push({ channel, type })
  }
  return meters.concat(ghosts)
}

const CHANNEL_AT = 2
/** `0-N:24.…`, N from 1 to 9. */
function channelOf(address: string): number | undefined {
  if (!address.startsWith('0-') || !address.startsWith(':24.', CHANNEL_AT + 1)) return undefined
  const channel = address.charCodeAt(CHANNEL_AT) - ZERO
  return channel >= 1 && channel <= 9 ? channel : undefined
}
const ZERO = 0x30

type BehindPoint = 'gas-volume' | 'warm-water-volume' | 'water-volume' | 'heat-energy'

/** M-Bus device types (EN 13757-3): 3 gas, 4 heat, 6 warm water, 7 water, 12 heat on the supply side. */
export function readingBehind({ type, reads }: SubMeter): (PointReading & { readonly point: BehindPoint }) | undefined {
  if (!reads) return undefined
  const { value, unit } = reads
  switch (type) {
    case 3:
      return { point: 'gas-volume', quantity: 'gas-volume', reading: cubicMetres(value, unit) }
    case 6:
      return { point: 'warm-water-volume', quantity: 'water-volume', reading: cubicMetres(value, unit) }
    case 7:
      return { point: 'water-volume', quantity: 'water-volume', reading: cubicMetres(value, unit) }
    case 4:
    case 12:
      return { point: 'heat-energy', quantity: 'heat-energy', reading: heatKwh(value, unit) }
    default:
      return undefined
  }
}
