import type { GatewayId } from '@anju/contract'
import { GatewayAnswer, GatewayBody, GatewayStatus } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { GatewayRegistry } from '../gateways/registry.ts'
import { required } from './policy.ts'

const GatewayList = Type.Object({
  items: Type.Array(GatewayStatus),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
})
const ListQuery = Type.Object(
  { cursor: Type.Optional(Type.String({ maxLength: 64 })) },
  { additionalProperties: false },
)

export interface GatewayRoutesParts {
  readonly registry: GatewayRegistry
  /** Where gateways connect. */
  readonly mqttUrl: string
  /** Called before the answer: makes the new credentials good and ends the sessions of the old ones. */
  readonly onCredentials: (gateway: GatewayId) => Promise<void>
}

/** Register a gateway, and see how all of them are. */
export function gatewayRoutes({ registry, mqttUrl, onCredentials }: GatewayRoutesParts): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.post(
      '/gateways',
      {
        schema: { body: GatewayBody, response: { 201: GatewayAnswer } },
        config: { policy: 'gateway.register', reads: [] },
      },
      async (request, reply) => {
        const { serial, homeId } = request.body
        const { id, username, password } = await registry.register(required(request).actor, serial, homeId)
        await onCredentials(id)
        reply.status(201)
        return { id, mqtt: { url: mqttUrl, username, password } }
      },
    )

    server.get(
      '/gateways',
      {
        schema: { querystring: ListQuery, response: { 200: GatewayList } },
        config: { policy: 'gateway.read', reads: [] },
      },
      (request) => registry.list(required(request).actor, request.query.cursor),
    )
  }
}
