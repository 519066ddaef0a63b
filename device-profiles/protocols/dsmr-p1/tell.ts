import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { cubicMetres, heatKwh, obisReading } from '../../src/obis.ts'
import { type PointReading, type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import { type DataSet, readDataSets } from '../iec62056-21/data-sets.ts'
import { dsmrP1Framing, type P1Telegram } from './framing.ts'

export const dsmrP1: Protocol = {
  name: 'dsmr-p1',
  read: ({ bytes }) =>
    tellScanned(scanAll(dsmrP1Framing, whole(bytes)), tell, `no P1 telegram in ${bytes.length} bytes`),
}

/** A capture of a version without a CRC may end with its `!`: whether digits follow, only a line end says on the line. */
const whole = (bytes: Uint8Array): Uint8Array => (bytes.at(-1) === BANG ? ended(bytes) : bytes)
function ended(bytes: Uint8Array): Uint8Array {
  const line = new Uint8Array(bytes.byteLength + 2)
  line.set(bytes)
  line.set([0x0d, 0x0a], bytes.byteLength)
  return line
}
const BANG = 0x21

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
  const valueAt = (code: string) => first.get(code)?.value ?? null
  return {
    is: 'told',
    frame: {
      ident,
      crc: crc ?? null,
      count: first.size,
      time: instantOf(first.get('0-0:1.0.0')?.value),
      powerFailures: countOf(first.get('0-0:96.7.21')),
      longPowerFailures: countOf(first.get('0-0:96.7.9')),
      gasTime: gas?.reads?.time ?? null,
      version: valueAt('1-3:0.2.8') ?? valueAt('0-0:96.1.4'),
      equipment: textOfHex(valueAt('0-0:96.1.1') ?? valueAt('0-0:42.0.0')),
      tariff: valueAt('0-0:96.14.0'),
      message: textOfHex(valueAt('0-0:96.13.0')),
      powerFailureLog: failuresOf(first.get('1-0:99.97.0')),
      obis: Object.fromEntries([...first].map(([code, set]) => [code, valueOf(set)])),
      mbus: Object.fromEntries(
        subMeters.map(({ channel, type, reads }) => [
          channel,
          { type, time: reads?.time ?? null, value: reads?.value ?? null, unit: reads?.unit ?? null },
        ]),
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
  const meters = channels.map((channel) => {
    const given = reads.get(channel)
    return { channel, type: types.get(channel) ?? null, ...(given ? { reads: given } : {}) }
  })
  // An old meter that was replaced keeps its channel and prints zero without a unit: it goes behind the one that reads.
  const isGhost = ({ reads: given }: SubMeter) => given?.unit === undefined
  return [...meters.filter((meter) => !isGhost(meter)), ...meters.filter(isGhost)]
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

/** Texts and numbers of meters are printed as the hex of their characters; those that are not stay as they are. */
function textOfHex(printed: string | null): string | null {
  if (printed === null || printed === '') return null
  const pairs = /^(?:[2-7][0-9A-F])+$/i.test(printed) ? (printed.match(/../g) ?? []) : undefined
  return pairs ? String.fromCharCode(...pairs.map((pair) => Number.parseInt(pair, 16))) : printed
}

/** The log of long power failures: how many, of which code, then end and duration of each (DSMR 5.0.2 §6.12). */
function failuresOf(set: DataSet | undefined): readonly { time: string | null; seconds: number | null }[] {
  const groups = set?.more.slice(1) ?? []
  return Array.from({ length: Math.floor(groups.length / 2) }, (_, i) => {
    const duration = groups[i * 2 + 1]
    const seconds = duration?.unit === 's' && /^\d{1,10}$/.test(duration.value) ? Number(duration.value) : null
    return { time: instantOf(groups[i * 2]?.value), seconds }
  })
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
  // 1970 is what a clock says that was never set; a meter of 2070 is somebody else's.
  const local = `${Number(year) >= 70 ? 19 : 20}${year}-${month}-${day}T${hour}:${minute}:${second}`
  const asUtc = Date.parse(`${local}.000Z`)
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(local)) return null
  return new Date(asUtc - (season === 'S' ? 2 : 1) * 3_600_000).toISOString()
}
