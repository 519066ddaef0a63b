import { type Absence, integerBetween, type Random, type TelemetryMessage, type Unit } from '@anju/contract'
import { stepsOf } from '../../../server/src/telemetry/steps.ts'
import type { DayShape } from './water-days.ts'

/** What a home says in one of its days, in the rhythm of its devices, as its gateway would send it. */
export interface HomeDay {
  readonly home: string
  readonly timeZone: string
  /** Its midnights: 23 to 25 hours apart when the clocks change. Epoch ms. */
  readonly from: number
  readonly to: number
  readonly messages: readonly TelemetryMessage[]
}
export const POINTS = [
  ['meter/active-power', 'W'],
  ['meter/active-energy', 'kWh'],
  ['water/volume', 'm3'],
  ['bedroom/temperature', 'Cel'],
  ['bedroom/motion', '/'],
  ['button/battery', '%EL'],
] as const satisfies readonly (readonly [point: string, unit: Unit])[]

/** Half of the homes change no clocks; the others do on different days, one of them by half an hour. */
const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'Asia/Shanghai',
  'America/New_York',
  'Asia/Shanghai',
  'Australia/Lord_Howe',
]
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const messageEvery = 15 * minute
/** So far back a day is looked for on which the clocks changed; samples of then are still kept raw. */
const lookBackDays = 80
const ordinaryDaysAgo = 7

type Sample = readonly [at: number, value: number | null, why?: Absence]

export function dayOfAHome(number: number, before: number, random: Random, shapes: readonly DayShape[]): HomeDay {
  const timeZone = ZONES[number % ZONES.length] as string
  const { from, to } = dayIn(timeZone, before)
  const series: Record<(typeof POINTS)[number][0], readonly Sample[]> = {
    'meter/active-power': everySoOften(from, to, 2 * minute, random, () => appliances(random)),
    'meter/active-energy': counted(
      everySoOften(from, to, 15 * minute, random, () => random.uniform() * 0.2),
      3,
    ),
    'water/volume': waterOf(from, to, random, shapes),
    'bedroom/temperature': everySoOften(from, to, 5 * minute, random, () => tenths(18 + random.uniform() * 6)),
    'bedroom/motion': movements(from, to, random),
    'button/battery': [[from + integerBetween(random, 0, day / 2), integerBetween(random, 5, 100)]],
  }
  const away = outage(from, random)
  const messages: TelemetryMessage[] = []
  for (let at = from; at < to; at += messageEvery) {
    const said = POINTS.flatMap(([p, u]) => {
      const some = series[p].filter(([when]) => when >= at && when < at + messageEvery).map((one) => away(one))
      return some.length === 0 ? [] : [seriesOf(p, u, some)]
    })
    if (said.length > 0) messages.push(messageOf(messages.length + 1, said))
  }
  // A receipt was lost now and then: the same message came again, after later ones.
  const again = messages.filter(() => random.uniform() < 0.02)
  return { home: homeName(number), timeZone, from, to, messages: [...messages, ...again] }
}
export const homeName = (number: number): string => `replay-${number}`

const days = new Map<string, { from: number; to: number }>()
/** The last day on which the zone's clocks changed, if there was one lately; else an ordinary one. */
function dayIn(timeZone: string, before: number): { from: number; to: number } {
  const key = `${timeZone} ${before}`
  const known = days.get(key)
  if (known) return known
  const midnights = stepsOf(before - lookBackDays * day, before, { everyS: 86_400, days: 1 }, timeZone)
  const whole = midnights.slice(0, -1).map((from, index) => ({ from, to: midnights[index + 1] as number }))
  const found = whole.findLast(({ from, to }) => to - from !== day) ?? whole.at(-ordinaryDaysAgo)
  if (!found) throw new Error('no day to look back to')
  days.set(key, found)
  return found
}

/** Now and then there is no answer. */
function everySoOften(from: number, to: number, every: number, random: Random, value: () => number): Sample[] {
  const jitter = integerBetween(random, 0, every - 1)
  return Array.from({ length: Math.floor((to - from - jitter - 1) / every) + 1 }, (_, index): Sample => {
    const at = from + jitter + index * every
    return random.uniform() < 0.01 ? [at, null, 'no-answer'] : [at, value()]
  })
}

/** A register: it grows by what was measured, and what got no answer is in the next reading. */
function counted(samples: readonly Sample[], digits: number): Sample[] {
  let register = 1_000
  return samples.map(([at, value, why]) => {
    register += value ?? 0.05
    return why ? [at, null, why] : [at, Number(register.toFixed(digits))]
  })
}

function waterOf(from: number, to: number, random: Random, shapes: readonly DayShape[]): Sample[] {
  const shape = shapes[integerBetween(random, 0, Math.max(0, shapes.length - 1))]
  if (shape) return shape.map(([since, litres]): Sample => [from + since, litres / 1_000]).filter(([at]) => at < to)
  return counted(
    everySoOften(from, to, hour, random, () => (random.uniform() < 0.4 ? 0 : random.uniform() * 0.06)),
    3,
  )
}

function movements(from: number, to: number, random: Random): Sample[] {
  const samples: Sample[] = []
  // Often by day, seldom at night; and each time it comes to rest.
  for (let at = from + 6 * hour; at < to; at += integerBetween(random, minute, 40 * minute))
    samples.push([at, 1], [at + integerBetween(random, 1_000, 50_000), 0])
  return samples.filter(([at]) => at < to)
}

/** One home in eight has a line that is down for some hours: what would have been measured has a reason instead. */
function outage(from: number, random: Random): (sample: Sample) => Sample {
  if (random.uniform() > 1 / 8) return (sample) => sample
  const begin = from + integerBetween(random, 0, day)
  const end = begin + integerBetween(random, hour, 8 * hour)
  return (sample) => (sample[0] >= begin && sample[0] < end ? [sample[0], null, 'line-down'] : sample)
}

const appliances = (random: Random): number =>
  tenths(40 + random.uniform() * 30 + (random.uniform() < 0.1 ? 1_800 + random.uniform() * 400 : 0))
const tenths = (value: number): number => Math.round(value * 10) / 10

function seriesOf(p: string, u: Unit, samples: readonly Sample[]): TelemetryMessage['series'][number] {
  const [t0] = samples[0] as Sample
  return {
    p,
    u,
    t0,
    dt: samples.map(([at]) => at - t0),
    v: samples.map(([, value]) => value),
    absent: Object.fromEntries(samples.flatMap(([, , why], index) => (why ? [[index, why]] : []))),
  }
}

const messageOf = (seq: number, series: TelemetryMessage['series']): TelemetryMessage => ({
  id: '01J0000000000000000000000A',
  boot: 1,
  seq,
  pendingFrom: seq,
  sentAt: '2026-03-01T08:00:00.000Z',
  series,
})
