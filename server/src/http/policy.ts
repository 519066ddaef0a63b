import { DomainError } from '@anju/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { record } from '../audit/audit.ts'
import { withheld } from '../domain/consent.ts'
import type { Identity } from '../people/people.ts'
import type { From } from '../people/proving.ts'
import { relativeMayKnow } from '../policy/agreement.ts'
import {
  allows,
  isPolicy,
  isPublic,
  PERSONAL_FIELDS,
  type PersonalField,
  type PolicyName,
  tellsFamily,
} from '../policy/table.ts'
import type { Database } from '../ports.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The row of the policy table this route stands under. */
    policy?: PolicyName
    /** The personal fields its answer can hold. */
    reads?: readonly PersonalField[]
    /** This route commits its audit row itself, before its first byte (a stream has no serialisation to hook into). */
    auditsItself?: boolean
  }
  interface FastifyRequest {
    /** What the answer is about, for the audit; routes that read personal fields must fill it. */
    looksAt: string[]
    lookPurpose: string | null
    /** Fields beyond the declared ones that this one answer holds. */
    looksAlsoAt: PersonalField[]
  }
}

const FILE_ROUTES = new Set([
  '/*',
  '/api/docs',
  '/api/docs/',
  '/api/docs/*',
  '/api/docs/json',
  '/api/docs/yaml',
  '/api/docs/static/*',
  '/api/docs/static/index.html',
  '/api/docs/static/swagger-initializer.js',
])

/**
 * Every route names its policy row and the personal fields it reads, or it does not register. Who may not is refused before
 * the handler; who may is written to the audit before the answer.
 */
export const policy = fp<{ database: Database }>(
  async (server: FastifyInstance, { database }) => {
    server.decorateRequest('looksAt')
    server.decorateRequest('looksAlsoAt')
    server.decorateRequest('lookPurpose', null)

    server.addHook('onRoute', (route) => {
      // Routes that libraries register for files anyone may have cannot name their row themselves.
      if (!route.config?.policy && FILE_ROUTES.has(route.url))
        route.config = { ...route.config, policy: 'page.read', reads: [] }
      const { config, method, url } = route
      const where = `${String(method)} ${url}`
      if (!isPolicy(config?.policy)) throw new Error(`${where} names no row of the policy table`)
      if (!config.reads) throw new Error(`${where} does not say which personal fields it reads`)
      for (const field of config.reads)
        if (!PERSONAL_FIELDS.includes(field)) throw new Error(`${where} reads "${field}", which is no personal field`)
    })

    server.addHook('onRequest', async (request) => {
      request.looksAt = []
      request.looksAlsoAt = []
    })

    // After the session hook, before the body is even read.
    server.addHook('preParsing', async (request) => {
      const row = request.routeOptions.config.policy
      if (request.is404) return
      if (!isPolicy(row)) throw new DomainError('forbidden', 'this route has no policy')
      if (isPublic(row)) return
      const identity = required(request)
      if (!allows(row, identity.actor.role)) throw new DomainError('forbidden', 'your role may not do this')
    })

    // A relative is told what the residents have agreed to, as of this moment.
    server.addHook('preHandler', async (request) => {
      const row = request.routeOptions.config.policy
      if (request.is404 || !isPolicy(row) || request.identity?.actor.role !== 'family') return
      const { actor } = request.identity
      const purpose = tellsFamily(row)
      if (purpose === null) return
      const may = await database.transaction(actor, (tx) => relativeMayKnow(tx, actor, purpose), 'by-key')
      if (!may) throw withheld(purpose)
    })

    server.addHook('preSerialization', async (request, reply, payload) => {
      const { reads, auditsItself } = request.routeOptions.config
      if (!request.is404 && reads && reads.length > 0 && !auditsItself && reply.statusCode < 400)
        await auditLook(database, request)
      return payload
    })
  },
  { name: 'policy', dependencies: ['session'] },
)

/** Commits the audit row of this request; for routes that answer by themselves. */
export async function auditLook(database: Database, request: FastifyRequest): Promise<void> {
  const { actor } = required(request)
  const { reads = [] } = request.routeOptions.config
  await record(database, actor, {
    action: `${request.method} ${request.routeOptions.url ?? request.url}`,
    fields: [...reads, ...request.looksAlsoAt],
    subjects: request.looksAt,
    purpose: request.lookPurpose,
    ip: addressOf(request),
    agent: request.headers['user-agent'] ?? '',
  })
}

/** A caller who hung up has no address any more, whatever the type says; the look is audited all the same. */
export function addressOf(request: { readonly ip: string | undefined }): string {
  return request.ip ?? 'gone'
}

/** Where a request comes from, for the audit and for the count of wrong tries. */
export const fromOf = (request: FastifyRequest): From => ({
  ip: addressOf(request),
  agent: request.headers['user-agent'] ?? '',
})

/** @throws DomainError `not-logged-in`. */
export function required(request: FastifyRequest): Identity {
  if (!request.identity) throw new DomainError('not-logged-in', 'log in first')
  return request.identity
}
