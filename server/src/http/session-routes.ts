import { Person, SessionAnswer, SessionBody } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { People } from '../people/people.ts'
import { fromOf, required } from './policy.ts'
import type { SessionCookie } from './session.ts'

/** Log in, who am I, log out. */
export function sessionRoutes(people: People, { name, secure, readFrom }: SessionCookie): FastifyPluginAsyncTypebox {
  // What takes it back must say the same as what set it, or the browser keeps it.
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure } as const
  return async (server) => {
    server.post(
      '/session',
      {
        schema: { body: SessionBody, response: { 201: SessionAnswer } },
        config: { policy: 'session.open', reads: [] },
      },
      async (request, reply) => {
        const outcome = await people.logIn(request.body, fromOf(request))
        reply.status(201)
        if (outcome.is === 'new-password-required') return { newPassword: 'required' as const }
        if (outcome.is === 'second-factor-required')
          return { mfa: 'required' as const, ...(outcome.enrolment && { enrolment: outcome.enrolment }) }
        reply.setCookie(name, outcome.secret, { ...cookie, maxAge: outcome.maxAgeS })
        const { recoveryCodes, ...factor } = outcome.factor
        return { ...outcome.identity.person, ...factor, ...(recoveryCodes && { recoveryCodes: [...recoveryCodes] }) }
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
        for (const one of readFrom) reply.clearCookie(one, cookie)
        return reply.status(204).send(null)
      },
    })
  }
}
