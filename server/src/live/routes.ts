import type { ServerResponse } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { auditLook, required } from '../http/policy.ts'
import type { People } from '../people/people.ts'
import { allows } from '../policy/table.ts'
import type { Database } from '../ports.ts'
import type { Admission, LiveHub } from './hub.ts'
import type { Sink } from './reader.ts'

/** A console that does not read this much is better reconnected than carried. */
const unreadBytesMax = 1024 * 1024

/** `GET /live`: server-sent events of the caller's centre. */
export function liveRoutes(
  hub: LiveHub,
  database: Database,
  people: Pick<People, 'identify'>,
): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.route({
      method: 'GET',
      url: '/live',
      exposeHeadRoute: false,
      schema: {
        description:
          'Server-sent events `alarm`, `alarm-closed`, `home`, `gateway` (numbered in commit order; `prev` is the id before), `status` and `reset`. `Last-Event-ID` replays 24 h.',
      },
      config: {
        policy: 'live.read',
        reads: ['alarm', 'home.name', 'home.address', 'home.mode', 'resident.name', 'resident.age'],
        auditsItself: true,
      },
      handler: async (request, reply) => {
        const { actor } = required(request)
        const admission: Admission = {
          takesAlarms: allows('alarm.handle', actor.role),
          person: actor.person,
          session: actor.session,
          authorise: () => auditLook(database, request),
          async stillAllowed() {
            const now = (await people.identify(request.secret ?? ''))?.actor
            return now?.session === actor.session && now.centre === actor.centre && allows('live.read', now.role)
          },
        }
        const lastEventId = request.headers['last-event-id']
        reply.hijack()
        const { raw } = reply
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) raw.setHeader(name, value)
        raw.writeHead(200, {
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        })
        // A frame is small and must leave now.
        raw.socket?.setNoDelay(true)
        try {
          const reader = hub.open(actor.centre, sinkOf(raw), headerText(lastEventId), admission)
          raw.on('close', () => hub.close(reader))
          if (raw.destroyed) hub.close(reader)
        } catch {
          raw.end()
        }
      },
    })
  }
}

function sinkOf(raw: ServerResponse): Sink {
  return {
    write(bytes) {
      if (raw.destroyed || raw.writableEnded) return false
      raw.write(bytes)
      return raw.writableLength <= unreadBytesMax
    },
    // Destroyed, not ended: a slow reader would otherwise hold the buffer until it has read it.
    end: () => raw.destroy(),
  }
}

const headerText = (value: string | string[] | undefined): string | undefined => {
  const text = Array.isArray(value) ? value[0] : value
  return text === '' ? undefined : text
}
