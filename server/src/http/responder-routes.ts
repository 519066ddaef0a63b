import { Removal, Responder, ResponderAdd, ResponderChange, WayTest } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { PersonalField } from '../policy/table.ts'
import type { Responders } from '../roster/responders.ts'
import type { WayTests } from '../roster/way-tests.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Cursor, Id, listOf, NoBody } from './shapes.ts'

const FIELDS: PersonalField[] = ['responder.name', 'responder.phone']

/** Who can be sent to a home, where they go, and how they are reached. */
export function responderRoutes(responders: Responders, tests: WayTests): FastifyPluginAsyncTypebox {
  return async (server) => {
    const writes = { policy: 'roster.write', reads: FIELDS } as const

    server.route({
      method: 'GET',
      url: '/responders',
      schema: { querystring: Cursor, response: { 200: listOf(Responder) } },
      config: { policy: 'roster.read', reads: FIELDS },
      handler: async (request) => {
        const answer = await responders.list(required(request).actor, request.query.cursor)
        request.looksAt = answer.items.map(({ id }) => id)
        return answer
      },
    })
    server.route({
      method: 'POST',
      url: '/responders',
      schema: { body: ResponderAdd, response: { 201: Responder } },
      config: writes,
      handler: async (request, reply) =>
        reply.status(201).send(looked(request, await responders.add(authorOf(request), request.body))),
    })
    server.route({
      method: 'PATCH',
      url: '/responders/:id',
      schema: { params: Type.Object({ id: Id }), body: ResponderChange, response: { 200: Responder } },
      config: writes,
      handler: async (request) =>
        looked(request, await responders.change(authorOf(request), request.params.id, request.body)),
    })
    server.route({
      method: 'DELETE',
      url: '/responders/:id',
      schema: { params: Type.Object({ id: Id }), querystring: Removal, response: { 204: Type.Null() } },
      config: { policy: 'roster.write', reads: [] },
      handler: async (request, reply) => {
        await responders.remove(authorOf(request), request.params.id, request.query.writtenFrom)
        return reply.status(204).send(null)
      },
    })
    server.route({
      method: 'POST',
      url: '/responders/:id/ways/:way/prove',
      schema: { params: Type.Object({ id: Id, way: Id }), body: NoBody, response: { 200: Responder } },
      config: writes,
      handler: async (request) =>
        looked(request, await responders.prove(authorOf(request), request.params.id, request.params.way)),
    })
    server.route({
      method: 'POST',
      url: '/responders/:id/ways/:way/test',
      schema: { params: Type.Object({ id: Id, way: Id }), body: NoBody, response: { 202: WayTest } },
      config: { policy: 'roster.write', reads: [] },
      handler: async (request, reply) =>
        reply.status(202).send(await tests.ofResponder(authorOf(request), request.params.id, request.params.way)),
    })
  }
}

function looked(request: FastifyRequest, responder: Responder): Responder {
  request.looksAt = [responder.id]
  return responder
}
