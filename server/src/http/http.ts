import { DomainError, unstorable } from '@anju/contract'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, LogController } from 'fastify'
import type { Registry } from 'prom-client'
import type { People } from '../people/people.ts'
import type { Database } from '../ports.ts'
import { errors } from './errors.ts'
import { healthRoutes, type Readiness } from './health.ts'
import { openapi } from './openapi.ts'
import { page } from './page.ts'
import { policy } from './policy.ts'
import { type SessionCookie, session } from './session.ts'

const bodyBytesMax = 64 * 1024

export interface HttpParts {
  readonly log: FastifyBaseLogger
  readonly database: Database
  readonly people: People
  readonly cookie: SessionCookie
  readonly readiness: readonly Readiness[]
  readonly metrics: Registry
  /** The resources, each mounted under `/api/v1`. */
  readonly routes: readonly FastifyPluginAsync[]
}

/** The HTTP layer: converts, asks the application, converts back. Nothing is decided here. */
export async function createHttp(parts: HttpParts): Promise<FastifyInstance> {
  const server = fastify({
    loggerInstance: parts.log,
    // A line per request is not worth its disk; failures are logged by the error handler.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    // Streams end with the server; a keep-alive connection must not hold up its stop.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 128 },
  }).withTypeProvider<TypeBoxTypeProvider>()
  server.setValidatorCompiler(TypeBoxValidatorCompiler)
  // Answers are built from our own types; a second schema pass would drop a misspelt field without a word.
  server.setSerializerCompiler(() => JSON.stringify)

  // A command without a body may still say that it is JSON.
  const parseJson = server.getDefaultJsonParser('error', 'error')
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null)
    else void parseJson(request, body as string, done)
  })
  await server.register(errors)
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
    },
    // TLS ends in front of us; whoever ends it says so.
    hsts: false,
  })
  await server.register(compress, { threshold: 2_048, encodings: ['gzip', 'identity'] })
  await server.register(session, { people: parts.people, cookie: parts.cookie })
  await server.register(policy, { database: parts.database })
  await server.register(openapi, { cookie: parts.cookie })
  await server.register(page)
  await server.register(healthRoutes(parts.readiness, parts.metrics))
  await server.register(
    async (api) => {
      // PostgreSQL would refuse it, too, but as a failure of ours.
      api.addHook('preValidation', async ({ body, query, params }) => {
        for (const [where, given] of Object.entries({ body, querystring: query, params })) {
          const why = unstorable(given)
          if (why) throw new DomainError('request-malformed', `${where}${why}`)
        }
      })
      // What is personal is for this answer only.
      api.addHook('onSend', async (_request, reply, payload) => {
        if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
        return payload
      })
      for (const routes of parts.routes) await api.register(routes)
    },
    { prefix: '/api/v1' },
  )
  return server
}
