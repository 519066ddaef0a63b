import { CodeBody, Enrolment, OwnAccount, PasswordBody, ProofBody, RecoveryCodesAnswer } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { OwnAccounts } from '../people/own-account.ts'
import { fromOf, required } from './policy.ts'

/** One's own password and second factor. What is told once is kept by no Idempotency-Key: asked again, it is made anew. */
export function ownAccountRoutes(own: OwnAccounts): FastifyPluginAsyncTypebox {
  return async (server) => {
    const changes = { policy: 'account.change', reads: [] } as const

    server.route({
      method: 'GET',
      url: '/account',
      schema: { response: { 200: OwnAccount } },
      config: { policy: 'account.read', reads: [] },
      handler: (request) => own.read(required(request).actor),
    })
    server.route({
      method: 'PUT',
      url: '/account/password',
      schema: { body: PasswordBody, response: { 204: Type.Null() } },
      config: changes,
      handler: async (request, reply) => {
        await own.changePassword(required(request), request.body, fromOf(request))
        return reply.status(204).send(null)
      },
    })
    server.route({
      method: 'POST',
      url: '/account/recovery-codes',
      schema: { body: ProofBody, response: { 200: RecoveryCodesAnswer } },
      config: changes,
      handler: async (request) => ({
        recoveryCodes: await own.renewCodes(required(request), request.body, fromOf(request)),
      }),
    })
    server.route({
      method: 'POST',
      url: '/account/second-factor',
      schema: { body: ProofBody, response: { 200: Enrolment } },
      config: changes,
      handler: (request) => own.proposeFactor(required(request), request.body, fromOf(request)),
    })
    server.route({
      method: 'POST',
      url: '/account/second-factor/confirm',
      schema: { body: CodeBody, response: { 200: RecoveryCodesAnswer } },
      config: changes,
      handler: async (request) => ({
        recoveryCodes: await own.confirmFactor(required(request), request.body.code, fromOf(request)),
      }),
    })
  }
}
