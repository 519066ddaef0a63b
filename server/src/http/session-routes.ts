import { Person, SessionAnswer, SessionBody } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { People } from '../people/people.ts'
import { addressOf, required } from './policy.ts'
import { SESSION_COOKIE } from './session.ts'

/** Log in, who am I, log out. */
export function sessionRoutes(people: People, secureCookie: boolean): FastifyPluginAsyncTypebox {
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure: secureCookie } as const
  return async (server) => {
    server.post(
      '/session',
      {
        schema: { body: SessionBody, response: { 201: SessionAnswer } },
        config: { policy: 'session.open', reads: [] },
      },
      async (request, reply) => {
        const from = { ip: addressOf(request), agent: request.headers['user-agent'] ?? '' }
        const outcome = await people.logIn(request.body, from)
        reply.status(201)
        if (outcome.is === 'second-factor-required')
          return { mfa: 'required' as const, ...(outcome.enrolment && { enrolment: outcome.enrolment }) }
        reply.setCookie(SESSION_COOKIE, outcome.secret, { ...cookie, maxAge: outcome.maxAgeS })
        return outcome.identity.person
      },
    )

    server.route({
      method: 'GET',
      url: '/session',
      schema: { response: { 200: Person } },
      config: { policy: 'session.read', reads: [] },
      handler: async (request) => required(request).person,
    })

    server.route({
      method: 'DELETE',
      url: '/session',
      schema: { response: { 204: Type.Null() } },
      config: { policy: 'session.close', reads: [] },
      handler: async (request, reply) => {
        await people.logOut(required(request), request.secret ?? '')
        return reply.clearCookie(SESSION_COOKIE, cookie).status(204).send(null)
      },
    })
  }
}
