import { homeId } from '@anju/contract'
import {
  Home,
  HomeBody,
  HomeDetail,
  HomePatch,
  PlacementAnswer,
  PlacementBody,
  Resident,
  ResidentPatch,
} from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { type Homes, MODES } from '../homes/homes.ts'
import type { Placements } from '../homes/placements.ts'
import { type PersonalField, RESIDENT_FIELDS } from '../policy/table.ts'
import { authorOf } from './author.ts'
import { keyOf } from './idempotency.ts'
import { required } from './policy.ts'

const HomeList = Type.Object({ items: Type.Array(Home), nextCursor: Type.Union([Type.String(), Type.Null()]) })
const ListQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String({ maxLength: 64 })),
    /** A few letters of a name in pinyin, a name, a door, digits of a telephone number, the list's number. */
    search: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  },
  { additionalProperties: false },
)
const Id = Type.Object({ id: Type.String({ maxLength: 64 }) })
const ModeBody = Type.Object(
  {
    mode: Type.Union(MODES.map((mode) => Type.Literal(mode))),
    /** Every mode but `home` says when it ends: at an instant, or for how long by the server's clock, whatever a page's says. */
    until: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Null()])),
    forMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false },
)

const HOME_FIELDS: PersonalField[] = ['home.name', 'home.address', 'home.mode']

/** Homes, one home with its people and places, its mode, and the devices that go into service there. */
export function homeRoutes(homes: Homes, placements: Placements): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/homes',
      schema: { querystring: ListQuery, response: { 200: HomeList } },
      config: { policy: 'home.list', reads: HOME_FIELDS },
      handler: async (request) => {
        const { search, cursor } = request.query
        const who = required(request)
        // What was asked for tells as much as what was found.
        if (search !== undefined) request.lookPurpose = `search ${search}`
        const answer = await (search === undefined ? homes.list(who, cursor) : homes.search(who, search, cursor))
        if (search !== undefined) request.looksAlsoAt.push('resident.name')
        request.looksAt = answer.items.map(({ id }) => id)
        return answer
      },
    })

    server.route({
      method: 'GET',
      url: '/homes/:id',
      schema: { params: Id, response: { 200: HomeDetail } },
      config: {
        policy: 'home.read',
        reads: [
          ...HOME_FIELDS,
          'home.arrival',
          'home.location',
          'home.external-ref',
          ...RESIDENT_FIELDS,
          'contact.name',
          'contact.phone',
          'contact.note',
        ],
      },
      handler: async (request) => {
        const answer = await homes.detail(required(request), homeId(request.params.id))
        request.looksAt = [answer.id]
        return answer
      },
    })

    server.route({
      method: 'POST',
      url: '/homes/:id/modes',
      schema: { params: Id, body: ModeBody, response: { 200: Home } },
      config: { policy: 'home.mode', reads: HOME_FIELDS },
      handler: async (request) => {
        const { mode, until = null, forMinutes = null, reason } = request.body
        request.looksAt = [request.params.id]
        return homes.setMode(authorOf(request), homeId(request.params.id), { mode, until, forMinutes, reason })
      },
    })

    server.route({
      method: 'POST',
      url: '/homes/:id/placements',
      schema: { params: Id, body: PlacementBody, response: { 201: PlacementAnswer } },
      config: { policy: 'placement.commission', reads: [] },
      handler: async (request, reply) => {
        const { actor } = required(request)
        reply.status(201)
        return placements.commission(actor, homeId(request.params.id), request.body, keyOf(request))
      },
    })

    server.route({
      method: 'POST',
      url: '/homes',
      schema: { body: HomeBody, response: { 201: Home } },
      config: { policy: 'home.change', reads: HOME_FIELDS },
      handler: async (request, reply) => {
        const answer = await homes.create(authorOf(request), request.body)
        request.looksAt = [answer.id]
        return reply.status(201).send(answer)
      },
    })

    server.route({
      method: 'PATCH',
      url: '/homes/:id',
      schema: { params: Id, body: HomePatch, response: { 200: Home } },
      config: { policy: 'home.change', reads: HOME_FIELDS },
      handler: async (request) => {
        request.looksAt = [request.params.id]
        return homes.change(authorOf(request), homeId(request.params.id), request.body)
      },
    })

    server.route({
      method: 'PATCH',
      url: '/homes/:id/resident',
      schema: { params: Id, body: ResidentPatch, response: { 200: Resident } },
      config: { policy: 'resident.change', reads: ['home.address', 'home.arrival', ...RESIDENT_FIELDS] },
      handler: async (request) => {
        request.looksAt = [request.params.id]
        return homes.changeResident(authorOf(request), homeId(request.params.id), request.body)
      },
    })
  }
}
