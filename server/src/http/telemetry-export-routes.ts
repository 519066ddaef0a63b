import { type Clock, DomainError, formatInstant, homeId, instant, seconds } from '@anju/contract'
import { oneOf } from '@anju/contract/schema'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Database } from '../ports.ts'
import { always, type TelemetryArchive, type TimeRange } from '../telemetry/archive.ts'
import type { Format } from '../telemetry/formats/format.ts'
import { FORMAT_NAMES, FORMATS } from '../telemetry/formats/formats.ts'
import { homeContent } from '../telemetry/formats/home-content.ts'
import { auditLook, required } from './policy.ts'
import { RANGE, rangeOf } from './ranges.ts'
import { readInTime } from './read-in-time.ts'

const Params = Type.Object({ id: Type.String({ maxLength: 64 }) })
const Query = Type.Object(
  {
    format: oneOf(FORMAT_NAMES),
    ...RANGE,
  },
  { additionalProperties: false },
)

/** Each holds a page in memory and asks the store without pause: more at once finish no sooner. */
const exportsAtOnceMax = 4
const busyS = 30
/** A reader that stands still holds one of these places. */
const idleMax = seconds(60)
/** The head of a file, and the first samples: what can fail has failed once before anybody is told that it begins. */
const piecesBeforeAnswer = 2

export interface TelemetryExportParts {
  readonly archive: TelemetryArchive
  readonly database: Database
  readonly clock: Clock
}

/** All that was measured in a home, as a file: written as fast as it is read, never whole in memory. */
export function telemetryExportRoutes(parts: TelemetryExportParts): FastifyPluginAsyncTypebox {
  return async (server) => {
    let running = 0

    server.route({
      method: 'GET',
      url: '/homes/:id/telemetry',
      exposeHeadRoute: false,
      schema: {
        params: Params,
        querystring: Query,
        description:
          'A home’s samples in [`from`, `to`), all of them without a range: line protocol of InfluxDB, CSV (RFC 4180) or SenML JSON (RFC 8428). Of the store that measurements go to now, which `anju-telemetry-store` names. When the store breaks off, so does the connection.',
      },
      config: { policy: 'telemetry.export', reads: ['measurement'], auditsItself: true },
      handler: async (request, reply) => {
        const { id } = request.params
        const { format: name } = request.query
        const format = FORMATS[name]
        const range = rangeOf(request.query, { to: instant(always.to), from: () => instant(always.from) })
        if (running >= exportsAtOnceMax)
          throw new DomainError('too-many-requests', 'as many files are being written as may be', { waitS: busyS })
        running++
        const { body, store } = await begun(format, request, range).catch((error: unknown) => {
          running--
          throw error
        })
        body.once('close', () => running--)
        const day = formatInstant(parts.clock.now()).slice(0, 10)
        return (
          reply
            .type(format.contentType)
            // Neither CSV nor SenML has a place for it.
            .header('anju-telemetry-store', store)
            .header('content-disposition', `attachment; filename="${id}-telemetry-${day}.${format.extension}"`)
            .send(body)
        )
      },
    })

    /** Its first pieces are there, and who reads it is committed. */
    async function begun(format: Format, request: FastifyRequest, range: TimeRange) {
      const { actor } = required(request)
      const { id } = request.params as Static<typeof Params>
      const content = await homeContent(parts, actor, homeId(id), range)
      const text = format.textOf(content)
      const first = await taken(text, piecesBeforeAnswer)
      request.looksAt = [id]
      request.lookPurpose = `export ${(request.query as Static<typeof Query>).format}`
      await auditLook(parts.database, request)
      const body = readInTime(following(first, text), idleMax, parts.clock)
      return { body, store: content.store }
    }
  }
}

async function taken(text: AsyncGenerator<string>, count: number): Promise<string[]> {
  const pieces: string[] = []
  while (pieces.length < count) {
    const { done, value } = await text.next()
    if (done) break
    pieces.push(value)
  }
  return pieces
}

async function* following(first: readonly string[], rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield* first
  yield* rest
}
