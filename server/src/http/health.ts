import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

/** A part without which no alarm can be taken; or `beside` the alarms' path: shown, and never a reason to send presses elsewhere. */
export interface Readiness {
  readonly name: string
  readonly beside?: true
  ready(): boolean
}

/** For whoever runs the server: alive, able to take an alarm, and figures. Nothing personal. */
export function healthRoutes(readiness: readonly Readiness[], metrics: Registry) {
  const config = { policy: 'health.read', reads: [] } as const
  return async (server: FastifyInstance): Promise<void> => {
    server.get('/healthz', { config, schema: { hide: true } }, async () => ({ status: 'alive' }))

    server.get('/readyz', { config, schema: { hide: true } }, async (_request, reply) => {
      const parts = Object.fromEntries(readiness.map((part) => [part.name, stateOf(part)]))
      const ready = Object.values(parts).every((state) => state !== 'down')
      return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', parts })
    })

    server.get('/metrics', { config, schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.metrics()),
    )
  }
}

const stateOf = (part: Readiness) => (part.ready() ? 'ok' : part.beside ? 'degraded' : 'down')
