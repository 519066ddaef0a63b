import { PushAnswer, SubscriptionBody, Way } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Subscriptions } from '../roster/subscriptions.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Id } from './shapes.ts'

/** One's own browser, as a way to be reached: with what it subscribes, and what came of it. */
export function pushRoutes(subscriptions: Subscriptions): FastifyPluginAsyncTypebox {
  return async (server) => {
    const subscribes = { policy: 'push.subscribe', reads: [] } as const

    server.route({
      method: 'GET',
      url: '/push',
      schema: { response: { 200: PushAnswer } },
      config: { policy: 'push.read', reads: [] },
      handler: (request) => subscriptions.about(required(request).actor),
    })
    server.route({
      method: 'POST',
      url: '/push/subscriptions',
      schema: { body: SubscriptionBody, response: { 200: Way } },
      config: subscribes,
      handler: (request) => subscriptions.add(authorOf(request), request.body),
    })
    server.route({
      method: 'DELETE',
      url: '/push/subscriptions/:way',
      schema: { params: Type.Object({ way: Id }), response: { 204: Type.Null() } },
      config: subscribes,
      handler: async (request, reply) => {
        await subscriptions.remove(authorOf(request), request.params.way)
        return reply.status(204).send(null)
      },
    })
  }
}
