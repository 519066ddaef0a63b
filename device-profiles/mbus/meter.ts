import { absent, DomainError, minutes, type Reading, reading } from '@anju/contract'
import { readAnswer, readingsOf, VARIABLE_DATA } from '../protocols/mbus/answer.ts'
import type { MbusAnswer } from '../protocols/mbus/exchange.ts'
import type { MbusRecord } from '../protocols/mbus/records.ts'
import { isMeasured } from '../src/electricity-measures.ts'
import { type Decoded, defineProfile, type Measures, type ProfileData } from '../src/profile.ts'

/** What every M-Bus meter says of itself in the status byte of its answers (EN 13757-3 §5.7). */
export const statusMeasures = {
  'battery-low': { quantity: 'battery-low', name: 'Battery is low' },
  'device-fault': { quantity: 'device-fault', name: 'The meter reports a lasting fault' },
} as const satisfies Measures
/** Many meters of heat and water run on a battery that is reckoned for a few readouts an hour. */
export const batteryFed = {
  supervision: { reportEvery: minutes(15), lostAfter: minutes(50) },
  events: {
    'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
    'device-fault': { class: 'technical', from: 'level', of: 'device-fault' },
  },
} as const
const POWER_LOW = 0x04
const PERMANENT_ERROR = 0x08

/** A meter that does not say what it measures, or only that it has a bus: Other, Bus/System, Unknown. */
const UNSAID = new Set([0x00, 0x0e, 0x0f])

type Own = 'id' | 'name' | 'models' | 'supervision' | 'measures' | 'events' | 'walkTest' | 'examples'

export interface MbusMeter<M extends Measures> extends Pick<ProfileData<'mbus', M>, Own> {
  /** Media that the meter may name (EN 13757-3 table 3). */
  readonly media: readonly number[]
  /** By point: the quantity that its record names. */
  readonly records: Readonly<Partial<Record<keyof M & string, string>>>
}

/** A meter on the bus: its line, its one question and its wiring are those of every other. */
export const mbusMeter = <const M extends Measures>({ media, records, ...own }: MbusMeter<M>) =>
  defineProfile({
    ...own,
    driver: 'mbus',
    serial: { baud: 2_400, dataBits: 8, parity: 'even', stopBits: 1 },
    polls: [{ name: 'data', ask: 'data', every: own.supervision.reportEvery, points: Object.keys(own.measures) }],
    wiring: [
      'Two wires, either way round, to an M-Bus level converter; the factory speed is 2400 8E1.',
      "Give each meter a primary address of its own with its maker's tool: new ones all have 0.",
      'The address 254 is for a meter that hangs alone on its line.',
    ],
    decode: decoderOf({ measures: own.measures, media, records }),
  })

/**
 * The values of now, of the whole meter: storage 0, tariff 0 (or the tariff's own point), instantaneous, with nothing that
 * changes their meaning. A value that the meter itself calls one of an error is absent, and is not one of now.
 */
function decoderOf<M extends Measures>({
  measures,
  media,
  records: quantities,
}: Pick<MbusMeter<M>, 'measures' | 'media' | 'records'>) {
  const points = Object.entries<string | undefined>(quantities)

  return (telegrams: readonly MbusAnswer[]): Decoded<keyof M & string> => {
    const readings: Partial<Record<string, Reading>> = {}
    for (const telegram of telegrams) {
      // An application error, or fixed data: the exchange has refused it, and nothing in it is where it is here.
      if (telegram.ci !== VARIABLE_DATA) continue
      const { medium, status, records } = readAnswer(telegram.data)
      if (!media.includes(medium) && !UNSAID.has(medium))
        throw new DomainError('frame-unknown', `medium ${medium} is none of this meter's`, { medium })
      const told: Partial<Record<string, Reading>> = {}
      for (const [point, quantity] of points)
        if (records.some((record) => record.quantity === quantity && isOfError(record)))
          told[point] = absent('device-fault')
      // The first of a kind is the meter's: later telegrams repeat it for earlier periods and single phases.
      for (const one of readingsOf(records, medium)) if (isMeasured(measures, one)) told[one.point] = one.reading
      if ('battery-low' in measures) told['battery-low'] = reading((status & POWER_LOW) !== 0)
      if ('device-fault' in measures) told['device-fault'] = reading((status & PERMANENT_ERROR) !== 0)
      for (const point in told) readings[point] ??= told[point]
    }
    return { readings: readings as Decoded<keyof M & string>['readings'], events: [] }
  }
}

const isOfError = (record: MbusRecord): boolean =>
  record.function === 'Value during error state' && record.storage === 0 && record.tariff === 0 && !record.modified
