import { DomainError, homeId } from '@anju/contract'
import { Erasure, ErasureBody } from '@anju/contract/erasure'
import { oneOf } from '@anju/contract/schema'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Database } from '../ports.ts'
import { certificateText, LANGUAGES } from '../telemetry/erasure/certificate-text.ts'
import type { Erasures } from '../telemetry/erasure/erasures.ts'
import { authorOf } from './author.ts'
import { auditLook, required } from './policy.ts'
import { Id, listOf, whole } from './shapes.ts'

const OfHome = Type.Object({ id: Id })
const One = Type.Object({ id: Id, erasure: Id })
const Shown = Type.Object(
  {
    format: Type.Optional(oneOf(['json', 'text'] as const)),
    /** Of the text; zh-CN when none is asked for. */
    language: Type.Optional(oneOf(LANGUAGES)),
  },
  { additionalProperties: false },
)

/** The end of a home's measurements, and the certificate of it. */
export function telemetryErasureRoutes(erasures: Erasures, database: Database): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'POST',
      url: '/homes/:id/erasures',
      schema: {
        params: OfHome,
        body: ErasureBody,
        response: { 202: Erasure },
        description:
          'Erases what was measured in a home until now, in every store and every sum of it, and drops what its gateway sends from before. Certified when it has been looked for again: after ten minutes, and where there is an InfluxDB after two days; one that is under way is answered as it is.',
      },
      config: { policy: 'telemetry.erase', reads: ['erasure'] },
      handler: async (request, reply) => {
        request.looksAt = [request.params.id]
        return reply
          .status(202)
          .send(await erasures.request(authorOf(request), homeId(request.params.id), request.body))
      },
    })
    server.route({
      method: 'GET',
      url: '/homes/:id/erasures',
      schema: { params: OfHome, response: { 200: listOf(Erasure) } },
      config: { policy: 'erasure.read', reads: ['erasure'] },
      handler: async (request) => {
        request.looksAt = [request.params.id]
        return whole(await erasures.list(required(request), homeId(request.params.id)))
      },
    })
    server.route({
      method: 'GET',
      url: '/homes/:id/erasures/:erasure',
      schema: {
        params: One,
        querystring: Shown,
        description: 'An erasure with its certificate; as `text` for the resident or their family, in `language`.',
      },
      // A text has no serialisation to hook into.
      config: { policy: 'erasure.read', reads: ['erasure'], auditsItself: true },
      handler: async (request, reply) => {
        const { id, erasure: wanted } = request.params
        const { erasure, timeZone } = await erasures.find(required(request), homeId(id), wanted)
        request.looksAt = [id]
        const { certificate, canonical, sha256 } = erasure
        const { format, language = 'zh-CN' } = request.query
        if (format === 'text' && (certificate === null || canonical === null || sha256 === null))
          throw new DomainError(
            'transition-refused',
            'there is no certificate yet: it is given when the erasure is done',
          )
        await auditLook(database, request)
        if (format !== 'text' || certificate === null || canonical === null || sha256 === null) return erasure
        return reply
          .type('text/plain; charset=utf-8')
          .header('content-language', language)
          .send(certificateText(certificate, { canonical, sha256 }, language, timeZone))
      },
    })
  }
}
