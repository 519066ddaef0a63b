import { type Clock, DomainError, formatInstant, hours, instant, parseInstant } from '@anju/contract'
import { MeasurementAnswer } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import type { Actor, Database } from '../ports.ts'
import { parseEvery, stepsOf } from '../telemetry/steps.ts'
import type { TelemetryStore } from '../telemetry/store.ts'
import { required } from './policy.ts'

const Slug = Type.String({ minLength: 1, maxLength: 64 })
const Params = Type.Object({ id: Slug })
const Query = Type.Object(
  {
    placement: Slug,
    point: Slug,
    from: Type.Optional(Type.String({ maxLength: 40 })),
    to: Type.Optional(Type.String({ maxLength: 40 })),
    every: Type.Optional(Type.String({ maxLength: 20 })),
  },
  { additionalProperties: false },
)
/** What is answered when no range is asked for. */
const defaultRange = hours(1)

interface Place {
  time_zone: string
  placed: boolean
}

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
    const to = asked.to === undefined ? clock.now() : parseInstant(asked.to)
    const from = asked.from === undefined ? instant(to - defaultRange) : parseInstant(asked.from)
    if (to <= from) throw new DomainError('request-malformed', 'from: must be before to')
    const every = parseEvery(asked.every)
    const place = await placeOf(actor, home, placement)
    const steps = every && stepsOf(from, to, every, place.time_zone)
    const { unit, buckets } = await store.query(actor, { home, placement, point, from, to, steps })
    if (unit === null && !place.placed) throw new DomainError('placement-unknown', 'there is no such placement')
    return {
      homeId: home,
      placement,
      point,
      unit,
      from: formatInstant(from),
      to: formatInstant(to),
      everyS: every?.everyS ?? 0,
      items: [...buckets],
      nextCursor: null,
    }
  }

  async function placeOf(actor: Actor, home: string, placement: string): Promise<Place> {
    const [place] = await database.transaction(actor, (tx) =>
      tx.query<Place>(
        `select time_zone, exists (select from placement where home = $1 and id = $2) as placed from home where id = $1`,
        [home, placement],
      ),
    )
    if (!place) throw new DomainError('home-unknown', 'there is no such home')
    return place
  }
}
