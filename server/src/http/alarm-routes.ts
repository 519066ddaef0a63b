import { alarmId, leaseToken, minutes, personId } from '@anju/contract'
import {
  type Alarm,
  AlarmCommandAnswer,
  AlarmDetail,
  AlarmList,
  AlarmVersion,
  CloseBody,
  ContactBody,
  DispatchBody,
  NoteBody,
  OfferBody,
  OpenEscalation,
  ParkBody,
  ReleaseBody,
  RenewBody,
  RevealAnswer,
  ShownBody,
  TakeoverBody,
} from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Command } from '../alarms/command.ts'
import type { AlarmQueries } from '../alarms/queries.ts'
import type { AlarmService } from '../alarms/service.ts'
import { allows, type PersonalField, type PolicyName, RESIDENT_FIELDS } from '../policy/table.ts'
import { keyOf } from './idempotency.ts'
import { required } from './policy.ts'
import { listOf, whole } from './shapes.ts'

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const ListQuery = Type.Object(
  {
    handling: text(80),
    condition: text(80),
    class: text(80),
    home: text(64),
    parent: text(40),
    order: Type.Optional(Type.Literal('closed-at')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: text(200),
  },
  { additionalProperties: false },
)
export const AlarmParams = Type.Object({ id: Type.String({ maxLength: 64 }) })
const NoBody = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })])

export const QUEUE_FIELDS: PersonalField[] = ['alarm', 'home.name', 'home.address', 'resident.name', 'resident.age']
const DETAIL_FIELDS: PersonalField[] = [
  ...new Set([...QUEUE_FIELDS, ...RESIDENT_FIELDS]),
  'home.arrival',
  'contact.name',
  'contact.phone',
  'contact.note',
  'responder.name',
  'responder.phone',
]

/** The queue, one alarm, and what a person does with it. Who they are comes from the session, never from the body. */
export function alarmRoutes(alarms: AlarmService, queries: AlarmQueries): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/alarms',
      schema: { querystring: ListQuery, response: { 200: AlarmList } },
      config: { policy: 'alarm.read', reads: QUEUE_FIELDS },
      handler: async (request) => {
        const answer = await queries.list(required(request), request.query)
        request.looksAt = [...new Set(answer.items.flatMap(homesIn))]
        return answer
      },
    })

    server.route({
      method: 'GET',
      url: '/alarms/:id',
      schema: { params: AlarmParams, response: { 200: AlarmDetail } },
      config: { policy: 'alarm.read', reads: DETAIL_FIELDS },
      handler: async (request) => {
        const { detail, showsAccess } = await queries.detail(required(request), alarmId(request.params.id))
        look(request, detail)
        if (showsAccess) request.looksAlsoAt.push('resident.access')
        return detail
      },
    })

    server.route({
      method: 'GET',
      url: '/alarms/:id/version',
      schema: { params: AlarmParams, response: { 200: AlarmVersion } },
      // A relative's telephone asks each second while there is an alarm; it reads the alarm when there is something new in it.
      config: { policy: 'alarm.read', reads: [] },
      handler: async (request) => ({
        version: await queries.version(required(request), alarmId(request.params.id)),
      }),
    })

    server.route({
      method: 'GET',
      url: '/escalation/open',
      schema: { response: { 200: listOf(OpenEscalation) } },
      config: { policy: 'escalation.read', reads: [] },
      handler: async (request) => whole(await queries.unanswered(required(request))),
    })

    const route = (name: string, policy: PolicyName) =>
      ({ method: 'POST', url: `/alarms/:id/${name}`, config: { policy, reads: QUEUE_FIELDS } }) as const
    const answers = { params: AlarmParams, response: { 200: AlarmCommandAnswer } } as const

    server.route({
      ...route('claim', 'alarm.handle'),
      schema: { ...answers, body: NoBody },
      handler: (request) => run(alarms, request, request.params.id, { type: 'claim' }),
    })
    for (const type of ['undo-close', 'decline-offer'] as const)
      server.route({
        ...route(type, 'alarm.handle'),
        schema: { ...answers, body: NoBody },
        handler: (request) => run(alarms, request, request.params.id, { type }),
      })
    server.route({
      ...route('takeover', 'alarm.takeover'),
      schema: { ...answers, body: TakeoverBody },
      handler: (request) => run(alarms, request, request.params.id, { type: 'takeover', reason: request.body.reason }),
    })
    for (const type of ['renew', 'start', 'withdraw-offer'] as const)
      server.route({
        ...route(type, 'alarm.handle'),
        schema: { ...answers, body: RenewBody },
        handler: (request) => run(alarms, request, request.params.id, { type, lease: numberOf(request.body.lease) }),
      })
    server.route({
      ...route('release', 'alarm.handle'),
      schema: { ...answers, body: ReleaseBody },
      handler: (request) => {
        const { lease, note } = request.body
        return run(alarms, request, request.params.id, { type: 'release', lease: numberOf(lease), note })
      },
    })
    server.route({
      ...route('offer', 'alarm.handle'),
      schema: { ...answers, body: OfferBody },
      handler: (request) => {
        const { lease, to, note = null } = request.body
        return run(alarms, request, request.params.id, {
          type: 'offer',
          lease: numberOf(lease),
          to: personId(to),
          note,
        })
      },
    })
    server.route({
      ...route('note', 'alarm.handle'),
      schema: { ...answers, body: NoteBody },
      handler: (request) => {
        const { lease, text } = request.body
        return run(alarms, request, request.params.id, { type: 'note', lease: numberOf(lease), text })
      },
    })
    server.route({
      ...route('park', 'alarm.handle'),
      schema: { ...answers, body: ParkBody },
      handler: (request) => {
        const { lease, minutes: length, note } = request.body
        return run(alarms, request, request.params.id, {
          type: 'park',
          lease: numberOf(lease),
          for: minutes(length),
          note,
        })
      },
    })
    server.route({
      ...route('contact', 'alarm.handle'),
      schema: { ...answers, body: ContactBody },
      handler: (request) => {
        const { lease, contactId: contact, outcome, wayId: way } = request.body
        const reached = outcome === 'reached'
        return run(alarms, request, request.params.id, {
          type: 'contact',
          lease: numberOf(lease),
          contact,
          outcome,
          reached,
          way,
        })
      },
    })
    server.route({
      ...route('dispatch', 'alarm.handle'),
      schema: { ...answers, body: DispatchBody },
      handler: (request) => {
        const { lease, responderId: responder } = request.body
        return run(alarms, request, request.params.id, { type: 'dispatch', lease: numberOf(lease), responder })
      },
    })
    server.route({
      ...route('close', 'alarm.handle'),
      schema: { ...answers, body: CloseBody },
      handler: (request) => {
        const { lease, disposition, note = null } = request.body
        return run(alarms, request, request.params.id, { type: 'close', lease: numberOf(lease), disposition, note })
      },
    })
    server.route({
      ...route('reveal', 'alarm.handle'),
      config: { policy: 'alarm.handle', reads: [...QUEUE_FIELDS, 'resident.access'] },
      schema: { params: AlarmParams, body: RenewBody, response: { 200: RevealAnswer } },
      handler: async (request) => {
        const id = alarmId(request.params.id)
        const answer = await alarms.reveal(required(request).actor, id, numberOf(request.body.lease))
        look(request, answer.alarm)
        return answer
      },
    })
    server.route({
      method: 'POST',
      url: '/alarms/:id/shown',
      schema: { params: AlarmParams, body: ShownBody, response: { 204: Type.Null() } },
      // Only a page with the stream is a console: a rung that a family's telephone reached would say that an operator saw it.
      config: { policy: 'live.read', reads: [] },
      handler: async (request, reply) => {
        const { actor } = required(request)
        // Who may not take it has painted it for nobody.
        if (allows('alarm.handle', actor.role))
          await alarms.shown(actor, alarmId(request.params.id), request.body.console)
        return reply.status(204).send(null)
      },
    })
  }
}

/** One command, and whose alarm its answer was about. */
export async function run(
  alarms: AlarmService,
  request: FastifyRequest,
  text: string,
  given: Command,
): Promise<AlarmCommandAnswer> {
  const id = alarmId(text)
  const answer = await alarms.command(required(request).actor, id, given, keyOf(request))
  look(request, answer.alarm)
  return answer
}

/** What this answer is about, and why it was given: the alarm itself. */
export function look(request: FastifyRequest, alarm: Pick<Alarm, 'id' | 'type' | 'homeId'>): void {
  request.looksAt = [...homesIn(alarm), alarm.id]
  request.lookPurpose = `alarm ${alarm.id}`
}

/** An outage names a home that nobody is shown: who looks at the one has not looked at the other. */
const homesIn = ({ type, homeId }: Pick<Alarm, 'type' | 'homeId'>): string[] => (type === 'outage' ? [] : [homeId])

export const numberOf = (token: string): number => Number(leaseToken(token))
