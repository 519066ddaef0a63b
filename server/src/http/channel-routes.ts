import { ChannelHealth } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Channels } from '../notifications/channel-health.ts'
import { required } from './policy.ts'
import { listOf, whole } from './shapes.ts'

/** Which providers carry a centre's messages, and how they fared in the last day. */
export function channelRoutes(channels: Channels): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/escalation/channels',
      schema: { response: { 200: listOf(ChannelHealth) } },
      config: { policy: 'escalation.read', reads: [] },
      handler: async (request) => whole(await channels.health(required(request).actor)),
    })
  }
}
