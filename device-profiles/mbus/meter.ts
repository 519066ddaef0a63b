import { absent, DomainError, type Reading, reading } from '@anju/contract'
import type { MbusAnswer } from '../protocols/mbus/exchange.ts'
import { type MbusRecord, readTelegram } from '../protocols/mbus/records.ts'
import { tellFrame } from '../protocols/mbus/tell.ts'
import { ByteReader } from '../src/byte-reader.ts'
import { spokenOf } from '../src/electricity-measures.ts'
import type { Decoded, Measures } from '../src/profile.ts'

/** What every M-Bus meter says of itself in the status byte of its answers (EN 13757-3 §5.7). */
export const statusMeasures = {
  'battery-low': { quantity: 'battery-low', name: 'Battery is low' },
  'device-fault': { quantity: 'device-fault', name: 'The meter reports a lasting fault' },
} as const satisfies Measures
const POWER_LOW = 0x04
const PERMANENT_ERROR = 0x08

const headBytes = 12
const MEDIUM_AT = 7
const STATUS_AT = 9
/** A meter that does not say what it measures, or only that it has a bus: Other, Bus/System, Unknown. */
const UNSAID = new Set([0x00, 0x0e, 0x0f])

export interface MbusMeter<M extends Measures> {
  readonly measures: M
  /** Media that the meter may name (EN 13757-3 table 3). */
  readonly media: readonly number[]
  /** By point: the quantity that its record names. */
  readonly records: Readonly<Partial<Record<keyof M & string, string>>>
}

/**
 * The values of now, of the whole meter: storage 0, tariff 0 (or the tariff's own point), instantaneous, with nothing that
 * changes their meaning. A value that the meter itself calls one of an error is absent, and is not one of now.
 */
export function mbusDecoder<const M extends Measures>({ measures, media, records }: MbusMeter<M>) {
  return (telegrams: readonly MbusAnswer[]): Decoded<keyof M & string> => {
    const readings: Partial<Record<string, Reading>> = {}
    for (const telegram of telegrams) {
      // The first of a kind is the meter's: later telegrams repeat it for earlier periods and single phases.
      const told = { ...faulty(telegram), ...spokenOf(measures, tellFrame(telegram).readings), ...statusOf(telegram) }
      for (const [point, given] of Object.entries(told)) readings[point] ??= given
    }
    return { readings: readings as Decoded<keyof M & string>['readings'], events: [] }
  }

  function statusOf({ data }: MbusAnswer): Partial<Record<string, Reading>> {
    const medium = data[MEDIUM_AT] ?? 0
    const status = data[STATUS_AT] ?? 0
    if (!media.includes(medium) && !UNSAID.has(medium))
      throw new DomainError('frame-unknown', `medium ${medium} is none of this meter's`, { medium })
    return {
      ...('battery-low' in measures && { 'battery-low': reading((status & POWER_LOW) !== 0) }),
      ...('device-fault' in measures && { 'device-fault': reading((status & PERMANENT_ERROR) !== 0) }),
    }
  }

  function faulty({ data }: MbusAnswer): Partial<Record<string, Reading>> {
    const found = readTelegram(new ByteReader(data.subarray(headBytes))).records.filter(isOfError)
    return Object.fromEntries(
      Object.entries(records)
        .filter(([, quantity]) => found.some((record) => record.quantity === quantity))
        .map(([point]) => [point, absent('device-fault')]),
    )
  }
}

const isOfError = (record: MbusRecord): boolean =>
  record.function === 'Value during error state' && record.storage === 0 && record.tariff === 0 && !record.modified
