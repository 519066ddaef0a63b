import { ABSENCES, SLUG_PATTERN, UNITS, type Unit } from '@anju/contract'
import type { TimeLimits } from '../refusals.ts'
import type { Refusal, SeriesKey, TelemetryBatch } from '../store.ts'

/** Values and the reasons why there are none: two measurements, so that a mean never meets a reason. */
export const SAMPLE = 'sample'
export const ABSENCE = 'absence'

/** One field for each unit of the quantity table; a new unit does not compile without one. Words, because Flux names columns after them. */
const FIELDS: Readonly<Record<Unit, string>> = {
  V: 'volts',
  A: 'amperes',
  W: 'watts',
  var: 'vars',
  VA: 'volt_amperes',
  '/': 'number',
  Hz: 'hertz',
  kWh: 'kilowatt_hours',
  m3: 'cubic_metres',
  Cel: 'degrees_celsius',
  hPa: 'hectopascals',
  ppm: 'parts_per_million',
  '%': 'percent',
  '%RH': 'percent_relative_humidity',
  lx: 'lux',
  '%EL': 'percent_energy_left',
  dBW: 'decibel_watts',
  m: 'metres',
  '1/min': 'per_minute',
  'beat/min': 'beats_per_minute',
}
const unitsByField = new Map<string, Unit>(UNITS.map((unit) => [FIELDS[unit], unit]))
/** Undefined for a field that is none of ours: somebody else may write into the bucket. */
export const unitOf = (field: string): Unit | undefined => unitsByField.get(field)

/** Undefined for a unit that is none of ours. */
export const fieldOf = (unit: string): string | undefined =>
  Object.hasOwn(FIELDS, unit) ? FIELDS[unit as Unit] : undefined

/** InfluxDB counts nanoseconds in 64 bits and keeps the outermost values to itself. */
export const influxTimes: TimeLimits = { earliest: -9_223_372_036_854, latest: 9_223_372_036_854 }

/** The tags, in the order of their names: InfluxDB would sort them on every line otherwise. */
export const TAGS = ['centre', 'home', 'placement', 'point'] as const
const SLUG = new RegExp(SLUG_PATTERN)

/** What a series' lines begin with. */
interface Heads {
  readonly sample: string
  readonly absence: string
}
const REASONS = ABSENCES.map((why) => quoted(why))

/**
 * Writes batches as lines, built by hand: there is no object per point. A line has no way to escape a newline in a tag, and a
 * backslash at a tag's end would swallow what separates it from the next one; so tags are ids of a closed alphabet, and a
 * series with any other is refused.
 */
export class LineProtocol {
  /** By the series' number in the dictionary, which only grows. */
  readonly #heads: (Heads | Refusal)[] = []

  /** Adds the messages whose series cannot be named on a line. */
  refuse({ series, seriesOf, messageEnds, messages }: TelemetryBatch, refused: Map<number, Refusal>): void {
    for (let number = this.#heads.length; number < series.length; number++)
      this.#heads.push(headsOf(series[number] as SeriesKey))
    let row = 0
    for (let message = 0; message < messages; message++)
      for (const end = messageEnds[message] as number; row < end; row++) {
        const heads = this.#heads[seriesOf[row] as number] as Heads | Refusal
        if ('code' in heads && !refused.has(message)) refused.set(message, heads)
      }
  }

  /** The lines of the messages [first, end) that are not refused; `refuse` has seen the batch. */
  lines(batch: TelemetryBatch, refused: ReadonlyMap<number, Refusal>, first: number, end: number): Lines {
    const { seriesOf, at, value, absent, messageEnds } = batch
    let text = ''
    let count = 0
    let row = first === 0 ? 0 : (messageEnds[first - 1] as number)
    for (let message = first; message < end; message++) {
      const stop = messageEnds[message] as number
      if (refused.has(message)) row = stop
      else count += stop - row
      for (; row < stop; row++) {
        const heads = this.#heads[seriesOf[row] as number] as Heads
        const why = absent[row] as number
        text +=
          why === 0
            ? `${heads.sample}${value[row]} ${at[row]}\n`
            : `${heads.absence}${REASONS[why - 1] ?? REASONS[0]} ${at[row]}\n`
      }
    }
    return { text, count }
  }
}
export interface Lines {
  readonly text: string
  readonly count: number
}

function headsOf(key: SeriesKey): Heads | Refusal {
  for (const tag of TAGS)
    if (!SLUG.test(key[tag]))
      return { code: 'message-malformed', why: `${tag}: ${JSON.stringify(key[tag].slice(0, 80))} is not an id` }
  if (!Object.hasOwn(FIELDS, key.unit))
    return { code: 'message-malformed', why: `unit: ${JSON.stringify(key.unit.slice(0, 20))} is none of ours` }
  const tags = TAGS.map((tag) => `,${tag}=${key[tag]}`).join('')
  const field = FIELDS[key.unit as Unit]
  return { sample: `${SAMPLE}${tags} ${field}=`, absence: `${ABSENCE}${tags} ${field}=` }
}

/** A text as a string field: inside the quotes only a quote and a backslash mean anything, a newline is a newline. */
export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
