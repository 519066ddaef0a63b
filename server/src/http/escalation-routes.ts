import { PolicyAnswer, PolicyBody, PolicyView, ReadinessAnswer, Removal } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Policies } from '../roster/policies.ts'
import type { Readiness } from '../roster/readiness.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Cursor, Id, listOf, whole } from './shapes.ts'

/** How alarms go on to the next person, and whether there always is one. */
export function escalationRoutes(policies: Policies, readiness: Readiness): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/escalation/policies',
      schema: { response: { 200: listOf(PolicyView) } },
      config: { policy: 'escalation.read', reads: [] },
      handler: async (request) => whole(await policies.list(required(request).actor)),
    })
    server.route({
      method: 'PUT',
      url: '/escalation/policies',
      schema: { body: PolicyBody, response: { 200: PolicyAnswer } },
      config: { policy: 'escalation.write', reads: [] },
      handler: (request) => policies.put(authorOf(request), request.body),
    })
    server.route({
      method: 'DELETE',
      url: '/escalation/policies/:id',
      schema: { params: Type.Object({ id: Id }), querystring: Removal, response: { 204: Type.Null() } },
      config: { policy: 'escalation.write', reads: [] },
      handler: async (request, reply) => {
        await policies.remove(authorOf(request), request.params.id, request.query.writtenFrom)
        return reply.status(204).send(null)
      },
    })
    server.route({
      method: 'GET',
      url: '/escalation/readiness',
      schema: { querystring: Cursor, response: { 200: ReadinessAnswer } },
      config: { policy: 'escalation.read', reads: ['home.name'] },
      handler: async (request) => {
        const answer = await readiness.of(required(request).actor, request.query.cursor)
        request.looksAt = answer.homes.items.map(({ homeId }) => homeId)
        return answer
      },
    })
  }
}
