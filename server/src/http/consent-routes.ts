import { homeId } from '@anju/contract'
import { Consent, ConsentBody } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Consents } from '../roster/consents.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Id, listOf, NoBody, whole } from './shapes.ts'

const OfHome = Type.Object({ id: Id })

/** What a resident agreed to, and what they took back. */
export function consentRoutes(consents: Consents): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/homes/:id/consents',
      schema: { params: OfHome, response: { 200: listOf(Consent) } },
      config: { policy: 'consent.read', reads: ['consent'] },
      handler: async (request) => {
        request.looksAt = [request.params.id]
        return whole(await consents.list(required(request).actor, homeId(request.params.id)))
      },
    })
    server.route({
      method: 'POST',
      url: '/homes/:id/consents',
      schema: { params: OfHome, body: ConsentBody, response: { 201: Consent } },
      config: { policy: 'consent.write', reads: ['consent'] },
      handler: async (request, reply) => {
        request.looksAt = [request.params.id]
        return reply.status(201).send(await consents.give(authorOf(request), homeId(request.params.id), request.body))
      },
    })
    server.route({
      method: 'POST',
      url: '/homes/:id/consents/:consent/withdraw',
      schema: { params: Type.Object({ id: Id, consent: Id }), body: NoBody, response: { 200: Consent } },
      config: { policy: 'consent.write', reads: ['consent'] },
      handler: (request) => {
        const { id, consent } = request.params
        request.looksAt = [id]
        return consents.withdraw(authorOf(request), homeId(id), consent)
      },
    })
  }
}
