import { PlanBody, PlanDefect, PlanDefectList, PlanList, Removal, SettleBody, StoredPlan } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Plans } from '../plans/plans.ts'
import { keyOf } from './idempotency.ts'
import { required } from './policy.ts'

const cursor = Type.Optional(Type.String({ maxLength: 20 }))
const ListQuery = Type.Object({ cursor }, { additionalProperties: false })
const DefectQuery = Type.Object({ cursor, settled: Type.Optional(Type.Boolean()) }, { additionalProperties: false })
const Id = Type.Object({ id: Type.String({ maxLength: 20 }) })

/** A centre's response plans, and the tickets of those that had to be left. */
export function planRoutes(plans: Plans): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/plans',
      schema: { querystring: ListQuery, response: { 200: PlanList } },
      // What is to be done, for which home by its number: nothing of a person.
      config: { policy: 'plan.manage', reads: [] },
      handler: (request) => plans.list(required(request).actor, request.query.cursor),
    })
    server.route({
      method: 'PUT',
      url: '/plans',
      schema: { body: PlanBody, response: { 200: StoredPlan } },
      config: { policy: 'plan.manage', reads: [] },
      handler: (request) => plans.put(required(request).actor, request.body, keyOf(request)),
    })
    server.route({
      method: 'DELETE',
      url: '/plans/:id',
      schema: { params: Id, querystring: Removal, response: { 204: Type.Null() } },
      config: { policy: 'plan.manage', reads: [] },
      handler: async (request, reply) => {
        const { params, query } = request
        await plans.remove(required(request).actor, params.id, query.writtenFrom, keyOf(request))
        return reply.status(204).send(null)
      },
    })
    server.route({
      method: 'GET',
      url: '/plans/defects',
      schema: { querystring: DefectQuery, response: { 200: PlanDefectList } },
      config: { policy: 'plan.manage', reads: ['alarm', 'home.name'] },
      handler: async (request) => {
        const { settled = false, cursor: after } = request.query
        const answer = await plans.defects(required(request).actor, settled, after)
        request.looksAt = [...new Set(answer.items.map(({ homeId }) => homeId))]
        return answer
      },
    })
    server.route({
      method: 'POST',
      url: '/plans/defects/:id/settle',
      schema: { params: Id, body: SettleBody, response: { 200: PlanDefect } },
      config: { policy: 'plan.manage', reads: ['alarm', 'home.name'] },
      handler: async (request) => {
        const { actor } = required(request)
        const answer = await plans.settle(actor, request.params.id, request.body.note, keyOf(request))
        request.looksAt = [answer.homeId, answer.alarmId]
        return answer
      },
    })
  }
}
