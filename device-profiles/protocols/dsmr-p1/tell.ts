import { decodeWith } from '../../src/decode-with.ts'
import { scanAll } from '../../src/frame-scanner.ts'
import { obisReading } from '../../src/obis.ts'
import { type PointReading, type Protocol, type Telling, type Told, tellScanned } from '../../src/telling.ts'
import type { DataSet, Group } from '../iec62056-21/data-sets.ts'
import { dsmrP1Framing, type P1Telegram } from './framing.ts'
import { epochOf } from './printed-time.ts'
import { metersBehind, readingBehind, type SubMeter, setsOf, TIME, valueOf } from './sub-meters.ts'

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

export function tellTelegram(telegram: P1Telegram): Told {
  const { ident, crc } = telegram
  const { first, foreignLines } = setsOf(telegram)
  const subMeters = metersBehind(first)
  const gas = subMeters.find(({ type, reads }) => type === 3 && reads)
  const valueAt = (code: string) => first.get(code)?.value ?? null
  return {
    is: 'told',
    frame: {
      ident,
      crc: crc ?? null,
      count: first.size,
      time: instantOf(first.get(TIME)?.value),
      powerFailures: countOf(first.get('0-0:96.7.21')),
      longPowerFailures: countOf(first.get('0-0:96.7.9')),
      gasTime: isoOf(gas?.reads?.time),
      version: valueAt('1-3:0.2.8') ?? valueAt('0-0:96.1.4'),
      equipment: textOfHex(valueAt('0-0:96.1.1') ?? valueAt('0-0:42.0.0')),
      tariff: valueAt('0-0:96.14.0'),
      message: textOfHex(valueAt('0-0:96.13.0')),
      powerFailureLog: failuresOf(first.get('1-0:99.97.0')),
      obis: Object.fromEntries([...first].map(([code, set]) => [code, wordsOf(valueOf(set))])),
      mbus: Object.fromEntries(
        subMeters.map(({ channel, type, reads }) => [
          channel,
          { type, time: isoOf(reads?.time), value: reads?.value ?? null, unit: reads?.unit ?? null },
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

const wordsOf = ({ value, unit }: Group): readonly [value: string, unit: string | null] => [value, unit ?? null]

/** Of two meters of one kind the second is called by its channel, too. */
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

const isoOf = (epochMs: number | null | undefined): string | null =>
  typeof epochMs === 'number' ? new Date(epochMs).toISOString() : null
/** The instant of a printed time in words. */
export const instantOf = (printed: string | undefined): string | null => isoOf(epochOf(printed))
