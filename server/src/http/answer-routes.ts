import { alarmId, DomainError } from '@anju/contract'
import { AnswerBody, AnswerView, GoingAnswer, GoingBody } from '@anju/contract/api'
import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Answers } from '../notifications/answers.ts'
import { addressOf, required } from './policy.ts'
import { NoBody } from './shapes.ts'

/**
 * Of one link: a page asks every few seconds. Not of one address: behind a proxy that ends TLS everybody has the same, and one
 * of them must not be able to keep all others from answering.
 */
const requestsPerMinuteMax = 60
const linksMax = 10_000

const Secret = Type.Object({ secret: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) })
const Alarm = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** "I'm going" and "I cannot": by the link of a message, whose secret is the right, and by a relative who is signed in. */
export function answerRoutes(answers: Answers): FastifyPluginAsyncTypebox {
  return async (server) => {
    await server.register(rateLimit, {
      max: requestsPerMinuteMax,
      timeWindow: 60_000,
      cache: linksMax,
      keyGenerator: ({ params, identity, ip }) =>
        (params as { secret?: string }).secret ?? identity?.actor.session ?? addressOf({ ip }),
    })

    server.get(
      '/answers/:secret',
      {
        schema: { params: Secret, response: { 200: AnswerView } },
        config: { policy: 'answer.read', reads: [] },
      },
      ({ params }) => answers.view(params.secret),
    )

    server.post(
      '/answers/:secret',
      {
        schema: { params: Secret, body: AnswerBody, response: { 200: AnswerView } },
        config: { policy: 'answer.give', reads: [] },
      },
      (request) => answers.give(request.params.secret, request.body, keyIn(request)),
    )

    server.post(
      '/answers/:secret/shown',
      {
        schema: { params: Secret, body: NoBody, response: { 204: Type.Null() } },
        config: { policy: 'answer.give', reads: [] },
      },
      async (request, reply) => {
        await answers.shown(request.params.secret)
        return reply.status(204).send(null)
      },
    )

    server.post(
      '/alarms/:id/going',
      {
        schema: {
          params: Alarm,
          body: GoingBody,
          response: { 200: GoingAnswer },
        },
        config: { policy: 'alarm.answer', reads: [] },
      },
      (request) => answers.going(required(request), alarmId(request.params.id), request.body.etaMinutes),
    )

    server.post(
      '/alarms/:id/cannot',
      {
        schema: { params: Alarm, body: NoBody, response: { 204: Type.Null() } },
        config: { policy: 'alarm.decline', reads: [] },
      },
      async (request, reply) => {
        await answers.cannot(required(request), alarmId(request.params.id))
        return reply.status(204).send(null)
      },
    )
  }
}

/** Nobody is signed in: the key is the link's own. */
function keyIn({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key !== undefined && (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)))
    throw new DomainError('request-malformed', 'Idempotency-Key: 1 to 128 printable characters without blanks')
  return key
}
