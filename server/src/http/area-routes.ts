import { AreaDetail, AreaList } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Areas } from '../areas/areas.ts'
import { required } from './policy.ts'

const text = () => Type.Optional(Type.String({ maxLength: 20 }))
const ListQuery = Type.Object({ parent: text(), on: text() }, { additionalProperties: false })
const OneQuery = Type.Object({ on: text() }, { additionalProperties: false })
const Code = Type.Object({ code: Type.String({ maxLength: 20 }) })

/** The tree of areas as of a day, with figures and nobody's name. */
export function areaRoutes(areas: Areas): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/areas',
      schema: { querystring: ListQuery, response: { 200: AreaList } },
      config: { policy: 'area.read', reads: [] },
      handler: (request) => areas.children(required(request).actor, request.query.parent, request.query.on),
    })

    server.route({
      method: 'GET',
      url: '/areas/:code',
      schema: { params: Code, querystring: OneQuery, response: { 200: AreaDetail } },
      config: { policy: 'area.read', reads: [] },
      handler: (request) => areas.one(required(request).actor, request.params.code, request.query.on),
    })
  }
}
