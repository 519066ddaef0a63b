import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { SessionCookie } from './session.ts'

const config = { policy: 'page.read', reads: [] } as const

/** The description of `/api/v1`, written by the routes' own schemas, and a page to read it on. */
export const openapi = fp<{ cookie: SessionCookie }>(
  async (server: FastifyInstance, { cookie }) => {
    await server.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Anju',
          version: '1',
          description:
            'Alarms, homes and gateways of a centre. Errors are RFC 9457 problem documents with a stable `code`.',
        },
        components: {
          securitySchemes: {
            session: { type: 'apiKey', in: 'cookie', name: cookie.name },
            token: { type: 'http', scheme: 'bearer' },
          },
        },
        security: [{ session: [] }, { token: [] }],
      },
    })
    server.get('/api/openapi.json', { config, schema: { hide: true } }, async () => server.swagger())
    await server.register(swaggerUi, {
      routePrefix: '/api/docs',
      uiConfig: { url: '/api/openapi.json', deepLinking: false },
      staticCSP: false,
    })
  },
  { name: 'openapi', dependencies: ['policy'] },
)
