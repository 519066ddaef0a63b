import { Account, AccountAdd, AccountChange, AccountList, OneTimePassword } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { Author } from '../audit/audit.ts'
import type { ManagedAccounts } from '../people/managed-accounts.ts'
import type { PersonalField } from '../policy/table.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Cursor, Id, NoBody } from './shapes.ts'

const FIELDS: PersonalField[] = ['staff.name']

/** The accounts of a centre, for whoever answers for them. */
export function accountRoutes(accounts: ManagedAccounts): FastifyPluginAsyncTypebox {
  return async (server) => {
    const config = { policy: 'account.manage', reads: FIELDS } as const
    const params = Type.Object({ id: Id })
    const acts: Readonly<Record<string, (author: Author, id: string) => Promise<Account>>> = {
      lock: (author, id) => accounts.setLocked(author, id, true),
      unlock: (author, id) => accounts.setLocked(author, id, false),
      'reset-second-factor': (author, id) => accounts.resetSecondFactor(author, id),
    }

    server.route({
      method: 'GET',
      url: '/accounts',
      schema: { querystring: Cursor, response: { 200: AccountList } },
      config,
      handler: async (request) => {
        const answer = await accounts.list(required(request).actor, request.query.cursor)
        request.looksAt = answer.items.map(({ id }) => id)
        return answer
      },
    })
    server.route({
      method: 'POST',
      url: '/accounts',
      schema: { body: AccountAdd, response: { 201: OneTimePassword } },
      config,
      handler: async (request, reply) => {
        const added = await accounts.add(authorOf(request), request.body)
        request.looksAt = [added.account.id]
        return reply.status(201).send(added)
      },
    })
    server.route({
      method: 'PATCH',
      url: '/accounts/:id',
      schema: { params, body: AccountChange, response: { 200: Account } },
      config,
      handler: (request) => {
        request.looksAt = [request.params.id]
        return accounts.change(authorOf(request), request.params.id, request.body)
      },
    })
    server.route({
      method: 'POST',
      url: '/accounts/:id/reset-password',
      schema: { params, body: NoBody, response: { 200: OneTimePassword } },
      config,
      handler: (request) => {
        request.looksAt = [request.params.id]
        return accounts.resetPassword(authorOf(request), request.params.id)
      },
    })
    for (const [name, act] of Object.entries(acts))
      server.route({
        method: 'POST',
        url: `/accounts/:id/${name}`,
        schema: { params, body: NoBody, response: { 200: Account } },
        config,
        handler: (request) => {
          request.looksAt = [request.params.id]
          return act(authorOf(request), request.params.id)
        },
      })
  }
}
