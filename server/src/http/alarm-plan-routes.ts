import { alarmId, DomainError } from '@anju/contract'
import {
  AgencyAnswerBody,
  AgencyBody,
  AlarmCommandAnswer,
  ManualBody,
  PacketBody,
  PacketPreview,
  StepBody,
} from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { PreviewPacket } from '../alarms/packet-preview.ts'
import type { AlarmService } from '../alarms/service.ts'
import type { PersonalField } from '../policy/table.ts'
import { AlarmParams, look, numberOf, QUEUE_FIELDS, run } from './alarm-routes.ts'
import { required } from './policy.ts'

const StepParams = Type.Object({ ...AlarmParams.properties, step: Type.String({ maxLength: 64 }) })
const HandoverParams = Type.Object({ ...AlarmParams.properties, handover: Type.String({ maxLength: 20 }) })
/** What a packet can say; which of it depends on the agency. */
const PACKET_FIELDS: PersonalField[] = [...QUEUE_FIELDS, 'resident.medical', 'resident.language', 'resident.access']

/** An alarm's plan and what outside agencies are told of it: commands on the alarm like any other. */
export function alarmPlanRoutes(alarms: AlarmService, preview: PreviewPacket): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'POST',
      url: '/alarms/:id/plan/steps/:step',
      schema: { params: StepParams, body: StepBody, response: { 200: AlarmCommandAnswer } },
      config: { policy: 'alarm.handle', reads: QUEUE_FIELDS },
      handler: (request) => {
        const { lease, outcome, note = null } = request.body
        const { id, step } = request.params
        return run(alarms, request, id, { type: 'step', lease: numberOf(lease), step, outcome, note })
      },
    })
    server.route({
      method: 'POST',
      url: '/alarms/:id/plan/manual',
      schema: { params: AlarmParams, body: ManualBody, response: { 200: AlarmCommandAnswer } },
      config: { policy: 'alarm.handle', reads: QUEUE_FIELDS },
      handler: (request) => {
        const { lease, reason } = request.body
        return run(alarms, request, request.params.id, { type: 'manual', lease: numberOf(lease), reason })
      },
    })
    server.route({
      method: 'POST',
      url: '/alarms/:id/agencies',
      schema: { params: AlarmParams, body: AgencyBody, response: { 200: AlarmCommandAnswer } },
      config: { policy: 'alarm.handle', reads: PACKET_FIELDS },
      handler: (request) => {
        const { lease, agency, note = null, onTheWay = false } = request.body
        const { id } = request.params
        return run(alarms, request, id, { type: 'hand-over', lease: numberOf(lease), agency, note, onTheWay })
      },
    })
    server.route({
      method: 'POST',
      url: '/alarms/:id/agencies/preview',
      schema: { params: AlarmParams, body: PacketBody, response: { 200: PacketPreview } },
      config: { policy: 'alarm.handle', reads: PACKET_FIELDS },
      handler: async (request) => {
        const { lease, agency, note = null } = request.body
        const id = alarmId(request.params.id)
        const told = { type: 'hand-over', lease: numberOf(lease), agency, note } as const
        const { text, of } = await preview(required(request).actor, id, told)
        look(request, of)
        return { text }
      },
    })
    server.route({
      method: 'PATCH',
      url: '/alarms/:id/agencies/:handover',
      schema: { params: HandoverParams, body: AgencyAnswerBody, response: { 200: AlarmCommandAnswer } },
      config: { policy: 'alarm.handle', reads: PACKET_FIELDS },
      handler: (request) => {
        const { id, handover } = request.params
        const { lease, onTheWay, caseNumber = null, outcome = null } = request.body
        const said = { handover, caseNumber, outcome }
        if (!onTheWay) return run(alarms, request, id, { type: 'agency-answer', ...said })
        if (lease === undefined)
          throw new DomainError('request-malformed', 'lease: only who holds the alarm says that somebody is on the way')
        return run(alarms, request, id, { type: 'agency-on-way', lease: numberOf(lease), ...said })
      },
    })
  }
}
