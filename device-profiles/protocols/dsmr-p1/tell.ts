import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { cubicMetres, heatKwh, obisReading } from '../../src/obis.ts'
import { type PointReading, type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { type DataSet, readDataSets } from '../iec62056-21/data-sets.ts'
import { dsmrP1Framing, type P1Telegram } from './framing.ts'

export const dsmrP1: Protocol = {
  name: 'dsmr-p1',
  read: ({ bytes }) => tellScanned(scanAll(dsmrP1Framing, bytes), tell, `no P1 telegram in ${bytes.length} bytes`),
}

function tell(telegram: P1Telegram): Telling {
  const attempt = decodeWith(tellTelegram, telegram)
  if (attempt.ok) return attempt.value
  return { is: 'refused', code: attempt.error.code, reason: 'malformed', why: attempt.error.message }
}

/** A meter behind the electricity meter, on its M-Bus (DSMR 5.0.2 §6.12). */
export interface SubMeter {
  readonly channel: number
  readonly type: number | null
  readonly reads?: { readonly value: string; readonly unit?: string; readonly time: string | null }
}

/** The first set of each address. */
function setsOf({ data, crc }: P1Telegram) {
  // Only a CRC lets a strange line be a maker's own; without one it is a sign that digits are wrong elsewhere, too.
  const { sets, foreignLines } = readDataSets(data, { strict: crc === undefined })
  const first = new Map<string, DataSet>()
  for (const set of sets) if (!first.has(set.address)) first.set(set.address, set)
  return { first, foreignLines }
}

/** The meters behind the meter, and what time it is for the one that speaks. @throws DomainError as `readDataSets`. */
export function metersBehind(telegram: P1Telegram): { time: string | null; meters: readonly SubMeter[] } {
  const { first } = setsOf(telegram)
  return { time: instantOf(first.get('0-0:1.0.0')?.value), meters: subMetersOf([...first.values()]) }
}

export function tellTelegram(telegram: P1Telegram): Told {
  const { ident, crc } = telegram
  const { first, foreignLines } = setsOf(telegram)
  const subMeters = subMetersOf([...first.values()])
  const gas = subMeters.find(({ type, reads }) => type === 3 && reads)
  return {
    is: 'told',
    frame: {
      ident,
      crc: crc ?? null,
      time: instantOf(first.get('0-0:1.0.0')?.value),
      powerFailures: countOf(first.get('0-0:96.7.21')),
      longPowerFailures: countOf(first.get('0-0:96.7.9')),
      gasTime: gas?.reads?.time ?? null,
      obis: Object.fromEntries([...first].map(([code, set]) => [code, valueOf(set)])),
      mbus: Object.fromEntries(
        subMeters.map(({ channel, type, reads }) => [channel, { type, time: reads?.time ?? null }]),
      ),
      ...(foreignLines > 0 ? { foreignLines } : {}),
    },
    readings: [
      ...[...first.values()].flatMap(({ address, value, unit }) => obisReading(address, value, unit) ?? []),
      ...named(subMeters),
    ],
    events: [],
  }
}

/** The last group is the value: what stands before it are times and counts. Unit and value stand apart in version 2. */
function valueOf(set: DataSet): readonly [value: string, unit: string | null] {
  const last = set.more.at(-1)
  if (!last) return [set.value, set.unit ?? null]
  return [last.value, last.unit ?? (/^0-\d:24\.3\.0$/.test(set.address) ? (set.more.at(-2)?.value ?? null) : null)]
}

const REGISTER = /^0-([1-9]):24\.(?:2\.[13]|3\.0)$/
const TYPE = /^0-([1-9]):24\.1\.0$/

function subMetersOf(sets: readonly DataSet[]): SubMeter[] {
  const types = new Map<number, number>()
  const reads = new Map<number, NonNullable<SubMeter['reads']>>()
  for (const set of sets) {
    const type = TYPE.exec(set.address)?.[1]
    if (type !== undefined && /^\d{1,3}$/.test(set.value)) types.set(Number(type), Number(set.value))
    const channel = REGISTER.exec(set.address)?.[1]
    // A register with one group has no time: it declares the meter and says nothing.
    if (channel === undefined || set.more.length === 0) continue
    const [value, unit] = valueOf(set)
    reads.set(Number(channel), { value, ...(unit === null ? {} : { unit }), time: instantOf(set.value) })
  }
  const channels = [...new Set([...types.keys(), ...reads.keys()])].toSorted((a, b) => a - b)
  return channels.map((channel) => {
    const given = reads.get(channel)
    return { channel, type: types.get(channel) ?? null, ...(given ? { reads: given } : {}) }
  })
}

/** M-Bus device types (EN 13757-3): 3 gas, 4 heat, 6 warm water, 7 water, 12 heat on the supply side. */
function named(meters: readonly SubMeter[]): PointReading[] {
  const taken = new Set<string>()
  return meters.flatMap((meter) => {
    const { channel } = meter
    const row = readingBehind(meter)
    if (!row) return []
    const point = taken.has(row.point) ? `${row.point}-${channel}` : row.point
    taken.add(row.point)
    return [{ ...row, point }]
  })
}

export function readingBehind({ type, reads }: SubMeter): PointReading | undefined {
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

const countOf = (set: DataSet | undefined): number | null =>
  set && /^\d{1,9}$/.test(set.value) ? Number(set.value) : null

/**
 * `YYMMDDhhmmssX` in local time, X saying summer (S, +02:00) or winter (W, +01:00), as an instant. Null without the letter
 * (an hour may be meant twice) and for dates that never were: a meter behind a new battery prints 632525252525.
 */
export function instantOf(text: string | undefined): string | null {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([SW])$/.exec(text ?? '')
  if (!match) return null
  const [, year, month, day, hour, minute, second, season] = match
  const local = `20${year}-${month}-${day}T${hour}:${minute}:${second}`
  const asUtc = Date.parse(`${local}.000Z`)
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local)) return null
  return new Date(asUtc - (season === 'S' ? 2 : 1) * 3_600_000).toISOString()
}
