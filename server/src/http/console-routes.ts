import { AskedOfSeat, AtConsole, Person, SitBody } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { AtConsoles } from '../live/at-consoles.ts'
import type { People } from '../people/people.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { listOf, whole } from './shapes.ts'

/** Who is there to take an alarm on, where they sit, and what is asked of a seat. */
export function consoleRoutes(consoles: AtConsoles, people: Pick<People, 'doubt'>): FastifyPluginAsyncTypebox {
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
    server.route({
      method: 'PUT',
      url: '/session/seat',
      schema: { body: SitBody, response: { 200: Person } },
      config: { policy: 'console.sit', reads: [] },
      handler: async (request) => {
        const { person } = required(request)
        const seat = await consoles.sit(authorOf(request), request.body.seat)
        // What is remembered of who asks would go on saying where they sat before.
        people.doubt(person.personId)
        return { ...person, seat }
      },
    })
    server.route({
      method: 'GET',
      url: '/session/asked',
      schema: { response: { 200: listOf(AskedOfSeat) } },
      config: { policy: 'console.sit', reads: [] },
      handler: async (request) => whole(await consoles.asked(required(request).actor)),
    })
  }
}
