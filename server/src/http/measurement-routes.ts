import { type Clock, DomainError, formatInstant, hours, instant } from '@anju/contract'
import { MeasurementAnswer } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import type { Actor, Database } from '../ports.ts'
import { inPieces, pieceFrom, pieceOf } from '../telemetry/pieces.ts'
import { parseEvery, stepsOf } from '../telemetry/steps.ts'
import type { TelemetryStore } from '../telemetry/store.ts'
import { placeOf } from './places.ts'
import { required } from './policy.ts'
import { RANGE, rangeOf } from './ranges.ts'

const Slug = Type.String({ minLength: 1, maxLength: 64 })
const Params = Type.Object({ id: Slug })
const Query = Type.Object(
  {
    placement: Slug,
    point: Slug,
    ...RANGE,
    every: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
)
/** What is answered when no range is asked for. */
const defaultRange = hours(1)

/** What a home measured. `every` is a step (`60s`, `5m`, `1h`, `1d`, or seconds); without it the samples themselves. */
export function measurementRoutes(store: TelemetryStore, database: Database, clock: Clock): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get(
      '/homes/:id/measurements',
      {
        schema: { params: Params, querystring: Query, response: { 200: MeasurementAnswer } },
        config: { policy: 'measurement.read', reads: ['measurement'] },
      },
      (request) => {
        request.looksAt.push(request.params.id)
        return answer(required(request).actor, request.params.id, request.query)
      },
    )
  }

  async function answer(actor: Actor, home: string, asked: Static<typeof Query>): Promise<MeasurementAnswer> {
    const { placement, point } = asked
    const { from, to } = rangeOf(asked, { to: clock.now(), from: (to) => instant(to - defaultRange) })
    const every = parseEvery(asked.every)
    const place = await placeOf(database, actor, home, placement)
    const steps = every && stepsOf(from, to, every, place.time_zone)
    const range = steps && inPieces(steps) ? wholePieces(from, to) : { from, to }
    const { unit, buckets } = await store.query(actor, { home, placement, point, ...range, steps })
    if (unit === null && !place.placed) throw new DomainError('placement-unknown', 'there is no such placement')
    return {
      homeId: home,
      placement,
      point,
      unit,
      from: formatInstant(range.from),
      to: formatInstant(range.to),
      everyS: every?.everyS ?? 0,
      items: [...buckets],
      nextCursor: null,
    }
  }
}

/** What is older than samples are kept is told in five minutes only: a range that cut some would lose them. */
const wholePieces = (from: number, to: number) => ({ from: instant(pieceOf(from)), to: instant(pieceFrom(to)) })
