import { AtConsole } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AtConsoles } from '../live/at-consoles.ts'
import { required } from './policy.ts'
import { listOf, whole } from './shapes.ts'

/** Who is there to take an alarm on. */
export function consoleRoutes(consoles: AtConsoles): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/consoles',
      schema: { response: { 200: listOf(AtConsole) } },
      config: { policy: 'console.read', reads: ['staff.name'] },
      handler: async (request) => {
        const items = await consoles.list(required(request).actor)
        request.looksAt = items.map(({ personId }) => personId)
        return whole(items)
      },
    })
  }
}
