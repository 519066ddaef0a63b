import { Colleague, ColleagueWaysBody, Way, WaysBody, WayTest } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { PersonalField } from '../policy/table.ts'
import type { Colleagues } from '../roster/colleagues.ts'
import type { WayTests } from '../roster/way-tests.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Id, listOf, NoBody, whole } from './shapes.ts'

const FIELDS: PersonalField[] = ['staff.name', 'staff.phone']

/** How those who work for the centre are reached away from a console, and how the centre itself is. */
export function colleagueRoutes(colleagues: Colleagues, tests: WayTests): FastifyPluginAsyncTypebox {
  return async (server) => {
    const writes = { policy: 'roster.write', reads: FIELDS } as const

    server.route({
      method: 'GET',
      url: '/people',
      schema: { response: { 200: listOf(Colleague) } },
      config: { policy: 'roster.read', reads: FIELDS },
      handler: async (request) => {
        const items = await colleagues.list(required(request).actor)
        request.looksAt = items.map(({ id }) => id)
        return whole(items)
      },
    })
    server.route({
      method: 'PUT',
      url: '/people/:id/ways',
      schema: { params: Type.Object({ id: Id }), body: ColleagueWaysBody, response: { 200: Colleague } },
      config: writes,
      handler: (request) => {
        request.looksAt = [request.params.id]
        const { ways, writtenFrom } = request.body
        return colleagues.setWays(authorOf(request), request.params.id, ways, writtenFrom)
      },
    })
    server.route({
      method: 'POST',
      url: '/people/:id/ways/:way/prove',
      schema: { params: Type.Object({ id: Id, way: Id }), body: NoBody, response: { 200: Colleague } },
      config: writes,
      handler: (request) => {
        request.looksAt = [request.params.id]
        return colleagues.prove(authorOf(request), request.params.id, request.params.way)
      },
    })
    server.route({
      method: 'POST',
      url: '/people/:id/ways/:way/test',
      schema: { params: Type.Object({ id: Id, way: Id }), body: NoBody, response: { 202: WayTest } },
      config: { policy: 'roster.write', reads: [] },
      handler: async (request, reply) =>
        reply.status(202).send(await tests.ofPerson(authorOf(request), request.params.id, request.params.way)),
    })
    server.route({
      method: 'GET',
      url: '/centre/ways',
      schema: { response: { 200: listOf(Way) } },
      config: { policy: 'roster.read', reads: [] },
      handler: async (request) => whole(await colleagues.ofCentre(required(request).actor)),
    })
    server.route({
      method: 'PUT',
      url: '/centre/ways',
      schema: { body: WaysBody, response: { 200: listOf(Way) } },
      config: { policy: 'roster.write', reads: [] },
      handler: async (request) => whole(await colleagues.setOfCentre(authorOf(request), request.body.ways)),
    })
  }
}
