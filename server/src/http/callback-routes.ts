import { DomainError } from '@anju/contract'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { CallbackReader } from '../notifications/channel.ts'
import type { Reports } from '../notifications/reports.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** A provider's callback as it was sent: signatures are checked over these bytes. */
    callbackBody: Buffer | undefined
  }
}

const bodyBytesMax = 256 * 1024
const NOTHING = Buffer.alloc(0)

export interface CallbackRoutesParts {
  readonly readers: readonly CallbackReader[]
  readonly reports: Reports
  /** As the providers were told to call us, without a slash at its end: some sign the address, too. */
  readonly publicUrl: string
}

/**
 * Where providers say what became of a message. Each reader checks who speaks; a report of a message that is none of ours is
 * answered as any other, so that it is not sent for ever. What cannot be written at this moment is answered 503: on that Aliyun says
 * it again after 1, 5 and 10 minutes, WeChat up to three times, and Twilio because each of its addresses asks for it.
 */
export function callbackRoutes({ readers, reports, publicUrl }: CallbackRoutesParts): FastifyPluginAsyncTypebox {
  const byProvider = new Map(readers.map((reader) => [reader.provider, reader]))
  return async (server) => {
    server.decorateRequest('callbackBody', undefined)
    server.removeAllContentTypeParsers()
    server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyBytesMax }, (request, body, done) => {
      request.callbackBody = body as Buffer
      done(null, undefined)
    })
    server.route({
      method: ['GET', 'POST'],
      url: '/callbacks/:provider',
      bodyLimit: bodyBytesMax,
      schema: { hide: true, params: Type.Object({ provider: Type.String({ maxLength: 64 }) }) },
      config: { policy: 'callback.take', reads: [] },
      handler: async (request, reply) => {
        const reader = byProvider.get(request.params.provider)
        if (!reader) throw new DomainError('route-unknown', 'no such provider is configured')
        const { reports: said, answer } = reader.read({
          method: request.method === 'GET' ? 'GET' : 'POST',
          url: `${publicUrl}${request.url}`,
          headers: request.headers,
          body: request.callbackBody ?? NOTHING,
        })
        await reports.apply(said)
        return reply.status(answer.status).header('content-type', answer.contentType).send(answer.body)
      },
    })
  }
}
