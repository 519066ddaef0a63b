import { Removal, Seat, SeatBody, SeatChange, Shift, ShiftAdd, ShiftChange } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { PersonalField } from '../policy/table.ts'
import type { Seats } from '../roster/seats.ts'
import type { Shifts } from '../roster/shifts.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Cursor, Id, listOf, whole } from './shapes.ts'

const OfOne = Type.Object({ id: Id })
const FIELDS: PersonalField[] = ['staff.name']

/** Who is on duty when, and at which seat. */
export function shiftRoutes(seats: Seats, shifts: Shifts): FastifyPluginAsyncTypebox {
  return async (server) => {
    const seatReads = { policy: 'roster.read', reads: [] } as const
    const seatWrites = { policy: 'roster.write', reads: [] } as const
    server.route({
      method: 'GET',
      url: '/seats',
      schema: { response: { 200: listOf(Seat) } },
      config: seatReads,
      handler: async (request) => whole(await seats.list(required(request).actor)),
    })
    server.route({
      method: 'POST',
      url: '/seats',
      schema: { body: SeatBody, response: { 201: Seat } },
      config: seatWrites,
      handler: async (request, reply) => reply.status(201).send(await seats.add(authorOf(request), request.body.name)),
    })
    server.route({
      method: 'PATCH',
      url: '/seats/:id',
      schema: { params: OfOne, body: SeatChange, response: { 200: Seat } },
      config: seatWrites,
      handler: (request) => {
        const { name, writtenFrom } = request.body
        return seats.rename(authorOf(request), request.params.id, name, writtenFrom)
      },
    })
    server.route({
      method: 'DELETE',
      url: '/seats/:id',
      schema: { params: OfOne, querystring: Removal, response: { 204: Type.Null() } },
      config: seatWrites,
      handler: async (request, reply) => {
        await seats.remove(authorOf(request), request.params.id, request.query.writtenFrom)
        return reply.status(204).send(null)
      },
    })

    const writes = { policy: 'roster.write', reads: FIELDS } as const
    server.route({
      method: 'GET',
      url: '/shifts',
      schema: { querystring: Cursor, response: { 200: listOf(Shift) } },
      config: { policy: 'roster.read', reads: FIELDS },
      handler: async (request) => {
        const answer = await shifts.list(required(request).actor, request.query.cursor)
        request.looksAt = [...new Set(answer.items.map(({ who }) => who.id))]
        return answer
      },
    })
    server.route({
      method: 'POST',
      url: '/shifts',
      schema: { body: ShiftAdd, response: { 201: Shift } },
      config: writes,
      handler: async (request, reply) => {
        request.looksAt = [request.body.who.id]
        return reply.status(201).send(await shifts.add(authorOf(request), request.body))
      },
    })
    server.route({
      method: 'PATCH',
      url: '/shifts/:id',
      schema: { params: OfOne, body: ShiftChange, response: { 200: Shift } },
      config: writes,
      handler: async (request) => {
        const shift = await shifts.change(authorOf(request), request.params.id, request.body)
        request.looksAt = [shift.who.id]
        return shift
      },
    })
    server.route({
      method: 'DELETE',
      url: '/shifts/:id',
      schema: { params: OfOne, querystring: Removal, response: { 204: Type.Null() } },
      config: { policy: 'roster.write', reads: [] },
      handler: async (request, reply) => {
        await shifts.remove(authorOf(request), request.params.id, request.query.writtenFrom)
        return reply.status(204).send(null)
      },
    })
  }
}
