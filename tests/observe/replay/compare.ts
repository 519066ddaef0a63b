import { isDeepStrictEqual } from 'node:util'
import {
  type CentreId,
  errorCode,
  integerBetween,
  type PersonId,
  type Random,
  type SessionId,
  seededRandom,
} from '@anju/contract'
import type { Actor } from '../../../server/src/ports.ts'
import { ColumnBuffer } from '../../../server/src/telemetry/columns.ts'
import { parseEvery, stepsOf } from '../../../server/src/telemetry/steps.ts'
import type { MeasurementQuery, TelemetryStore } from '../../../server/src/telemetry/store.ts'
import { type Expectations, type Figures, rounded } from '../observation.ts'
import { dayOfAHome, type HomeDay, POINTS } from './day-of-a-home.ts'
import type { DayShape } from './water-days.ts'

export interface Replay {
  readonly inflow: TelemetryStore
  readonly postgres: TelemetryStore
  /** Sums what PostgreSQL has; answers how many sums there are. */
  readonly sum: () => Promise<number>
  readonly centre: string
  readonly homes: number
  readonly questions: number
  readonly seed: number
  /** Epoch ms; the days lie before it. */
  readonly before: number
  readonly waterDays: readonly DayShape[]
}

const system: Actor = { kind: 'system', part: 'replay' }
const operatorOf = (centre: string): Actor => ({
  kind: 'person',
  person: 'operator' as PersonId,
  name: 'Operator',
  session: '00000000-0000-4000-8000-000000000000' as SessionId,
  role: 'operator',
  centre: centre as CentreId,
})
const rowsPerBatch = 20_000
const hour = 3_600_000
const LENGTHS = [10 * 60_000, hour, 6 * hour, 24 * hour, 48 * hour]
const EVERY = [undefined, '60s', '5m', '1h', '1d']

/** A day of many homes into both stores, by the way that telemetry takes; then the same questions to both. */
export async function replayed(replay: Replay, expect: Expectations, say: (line: string) => void): Promise<Figures> {
  const random = seededRandom(replay.seed)
  const days = Array.from({ length: replay.homes }, (_, number) =>
    dayOfAHome(number, replay.before, random, replay.waterDays),
  )
  const into = { inflow: 0, postgres: 0 }
  let samples = 0
  // Every other message of each home, then a sum of all that there is, and then the rest: it comes late, into what was summed.
  let sums = 0
  for (const half of [0, 1]) {
    const some = days.map((day) => ({ ...day, messages: day.messages.filter((_, index) => index % 2 === half) }))
    for (const batch of batchesOf(some, replay.centre)) {
      samples += batch.rows
      for (const store of ['inflow', 'postgres'] as const) {
        const began = performance.now()
        const refused = await replay[store].write(batch)
        into[store] += performance.now() - began
        expect.that(refused.size === 0, `${store} refused ${refused.size} messages: ${[...refused.values()][0]?.why}`)
      }
    }
    if (half === 0) sums = await replay.sum()
  }
  expect.that(sums > 0, 'nothing was summed half-way')
  say(`${samples} samples of ${days.length} homes are in both`)

  let told = 0
  const different: string[] = []
  for (let n = 0; n < replay.questions; n++) {
    const query = questionAbout(days, random)
    const as = n % 2 === 0 ? system : operatorOf(replay.centre)
    const [here, there] = await Promise.all([answerOf(replay.postgres, as, query), answerOf(replay.inflow, as, query)])
    if (typeof here !== 'string' && here.buckets.some(({ count }) => count > 0)) told++
    if (!isDeepStrictEqual(here, there))
      different.push(`${JSON.stringify(query).slice(0, 300)}: ${firstDifference(here, there)}`)
  }
  for (const one of different.slice(0, 3)) say(one)
  expect.that(
    different.length === 0,
    `${different.length} of ${replay.questions} questions had two answers: ${different[0]}`,
  )
  expect.that(told * 3 > replay.questions, `only ${told} of ${replay.questions} answers told of anything`)
  const odd = days.filter(({ from, to }) => to - from !== 24 * hour).length
  return {
    homes: days.length,
    seed: replay.seed,
    'of them with a day that is not 24 h': odd,
    'water days of real homes to choose from': replay.waterDays.length,
    'samples written': samples,
    'sums in PostgreSQL half-way': sums,
    'InfluxDB: samples a second': rounded(samples / (into.inflow / 1_000)),
    'PostgreSQL: samples a second': rounded(samples / (into.postgres / 1_000)),
    questions: replay.questions,
    'answers that tell of something': told,
    'two answers to one question': different.length,
  }
}

function* batchesOf(days: readonly HomeDay[], centre: string): Generator<ColumnBuffer> {
  const columns = new ColumnBuffer([])
  for (const { home, messages } of days) {
    const scope = { centre, home, series: new Map<string, number>() }
    for (const message of messages) {
      const refusal = columns.add(scope, message)
      if (refusal) throw new Error(`a message of ours is none: ${refusal.why}`)
      if (columns.rows < rowsPerBatch) continue
      yield columns
      columns.clear()
    }
  }
  if (columns.messages > 0) yield columns
}

/** About any home, now and then about one or about a point that never spoke; in any steps, in days of any home's zone. */
function questionAbout(days: readonly HomeDay[], random: Random): MeasurementQuery {
  const one = <T>(list: readonly T[]): T => list[integerBetween(random, 0, list.length - 1)] as T
  const { home, from: begins, to: ends } = one(days)
  const [point] = one<readonly [string, string]>([...POINTS, ['bedroom/silent', '/']])
  const every = parseEvery(one(EVERY))
  const lengths = every?.everyS === 60 ? LENGTHS.filter((length) => length <= 24 * hour) : LENGTHS
  const from = integerBetween(random, begins - 6 * hour, ends - 1)
  const to = from + one(lengths) + integerBetween(random, 0, hour)
  return {
    home: random.uniform() < 0.03 ? 'nobody' : home,
    placement: point.slice(0, point.indexOf('/')),
    point: point.slice(point.indexOf('/') + 1),
    from,
    to,
    steps: every && stepsOf(from, to, every, one(days).timeZone),
  }
}

const answerOf = (store: TelemetryStore, as: Actor, query: MeasurementQuery) =>
  store.query(as, query).catch((error: unknown) => errorCode(error))
type Given = Awaited<ReturnType<typeof answerOf>>

function firstDifference(here: Given, there: Given): string {
  if (typeof here === 'string' || typeof there === 'string') return JSON.stringify([here, there]).slice(0, 300)
  if (here.unit !== there.unit) return `unit ${here.unit} and ${there.unit}`
  const at = here.buckets.findIndex((bucket, index) => !isDeepStrictEqual(bucket, there.buckets[index]))
  return `${JSON.stringify(here.buckets[at])} and ${JSON.stringify(there.buckets[at])}`
}
