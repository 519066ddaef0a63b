import { type Clock, DomainError, days, formatInstant, instant, type Millis, minutes } from '@anju/contract'
import { ActivityAnswer, GapAnswer, LatestAnswer } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Database } from '../ports.ts'
import { localHoursOf } from '../telemetry/hours.ts'
import { pieceFrom, pieceOf } from '../telemetry/pieces.ts'
import { activityDaysMax } from '../telemetry/questions.ts'
import { parseEvery } from '../telemetry/steps.ts'
import type { TelemetryStore } from '../telemetry/store.ts'
import { placeOf } from './places.ts'
import { required } from './policy.ts'
import { type GivenRange, RANGE, type Range, rangeOf } from './ranges.ts'

const Slug = Type.String({ minLength: 1, maxLength: 64 })
const Params = Type.Object({ id: Slug })
const asked = {
  placement: Slug,
  point: Slug,
  ...RANGE,
}
const ActivityQuery = Type.Object(
  { ...asked, leastChange: Type.Optional(Type.Number({ minimum: 0, maximum: 1e9 })) },
  { additionalProperties: false },
)
const GapQuery = Type.Object(
  { ...asked, longerThan: Type.Optional(Type.String({ maxLength: 20 })) },
  { additionalProperties: false },
)
const Nothing = Type.Object({}, { additionalProperties: false })
const config = { policy: 'measurement.read', reads: ['measurement'] } as const

/** A device that said nothing for so long is not one of the home any more; samples are kept no longer, either. */
const latestRange = days(90)
/** A gateway's clock may be a little ahead of ours. */
const ahead = minutes(1)
const activityRange = days(28)
const gapRange = days(1)
const gapLengthDefault = '10m'

/** What is asked of a home besides the values of a point: what it said last, when there is life in it, where nothing is known. */
export function telemetryQuestionRoutes(
  store: TelemetryStore,
  database: Database,
  clock: Clock,
): FastifyPluginAsyncTypebox {
  const within = (given: GivenRange, length: Millis): Range =>
    rangeOf(given, { to: clock.now(), from: (to) => instant(to - length) })

  return async (server) => {
    server.route({
      method: 'GET',
      url: '/homes/:id/latest',
      schema: { params: Params, querystring: Nothing, response: { 200: LatestAnswer } },
      config,
      handler: async (request) => {
        const { actor } = required(request)
        const { id: home } = request.params
        request.looksAt.push(home)
        await placeOf(database, actor, home, '')
        const now = clock.now()
        const points = await store.latest(actor, { home, from: now - latestRange, to: now + ahead })
        const items = points.map(({ at, ...said }) => ({ ...said, t: formatInstant(instant(at)) }))
        return { homeId: home, items, nextCursor: null }
      },
    })
    server.route({
      method: 'GET',
      url: '/homes/:id/activity',
      schema: { params: Params, querystring: ActivityQuery, response: { 200: ActivityAnswer } },
      config,
      handler: async (request) => {
        const { actor } = required(request)
        const { id: home } = request.params
        const { placement, point, leastChange = 0 } = request.query
        request.looksAt.push(home)
        const range = within(request.query, activityRange)
        // Before so many hours are counted: the store says the same, but after.
        if (range.to - range.from > days(activityDaysMax))
          throw new DomainError('range-too-long', `activity of more than ${activityDaysMax} days: ask for less`)
        const place = await placeOf(database, actor, home, placement)
        const [from, to] = [instant(pieceOf(range.from)), instant(Math.max(pieceOf(range.to), pieceFrom(range.from)))]
        const hours = localHoursOf(from, to, place.time_zone)
        const answer = await store.activity(actor, { home, placement, point, from, to, hours, leastChange })
        known(answer.unit, place.placed)
        const items = answer.hours.map((hour) => ({ ...hour }))
        return { ...named(home, placement, point, { from, to }), unit: answer.unit, items, nextCursor: null }
      },
    })
    server.route({
      method: 'GET',
      url: '/homes/:id/gaps',
      schema: { params: Params, querystring: GapQuery, response: { 200: GapAnswer } },
      config,
      handler: async (request) => {
        const { actor } = required(request)
        const { id: home } = request.params
        const { placement, point, longerThan = gapLengthDefault } = request.query
        request.looksAt.push(home)
        const range = within(request.query, gapRange)
        const longerThanS = lengthOf(longerThan)
        const place = await placeOf(database, actor, home, placement)
        const query = { home, placement, point, ...range, longerThanMs: longerThanS * 1_000 }
        const { unit, gaps } = await store.gaps(actor, query)
        known(unit, place.placed)
        const items = gaps.map(({ from, to, why }) => ({
          from: formatInstant(instant(from)),
          to: formatInstant(instant(to)),
          why,
        }))
        return { ...named(home, placement, point, range), unit, longerThanS, items, nextCursor: null }
      },
    })
  }
}

const named = (homeId: string, placement: string, point: string, { from, to }: Range) => ({
  homeId,
  placement,
  point,
  from: formatInstant(from),
  to: formatInstant(to),
})

function known(unit: string | null, placed: boolean): void {
  if (unit === null && !placed) throw new DomainError('placement-unknown', 'there is no such placement')
}

function lengthOf(text: string): number {
  try {
    const length = parseEvery(text)
    if (length) return length.everyS
  } catch {
    // The same words for every wrong length, under the name it has here.
  }
  throw new DomainError(
    'request-malformed',
    `longerThan: "${text.slice(0, 20)}" is not a length such as 60s, 10m or 1h`,
  )
}
