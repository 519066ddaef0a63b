import { DomainError } from '@anju/contract'
import cookies from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Identity, People } from '../people/people.ts'

declare module 'fastify' {
  interface FastifyRequest {
    identity: Identity | undefined
    /** The cookie's or the bearer token's secret. */
    secret: string | undefined
  }
}

/** What a browser keeps of a session. */
export interface SessionCookie {
  readonly name: string
  /** Sent over HTTPS only. */
  readonly secure: boolean
  /** What it is read from, the first that is there: a browser may have a session of before HTTPS was named. Only `name` is ever set. */
  readonly readFrom: readonly string[]
}

const PLAIN = 'anju_session'

/**
 * Where people reach the page over HTTPS, whoever ends the TLS: a browser then takes a cookie of this name from this very host
 * only, never from a neighbour of its domain or in the clear, and sends it back nowhere else.
 */
export function sessionCookieOf(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? `__Host-${PLAIN}` : PLAIN
  return { name, secure, readFrom: secure ? [name, PLAIN] : [name] }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Who is asking: a person by cookie, a program by bearer token. */
export const session = fp<{ people: Pick<People, 'identify'>; cookie: SessionCookie }>(
  async (server: FastifyInstance, { people, cookie }) => {
    await server.register(cookies)
    server.decorateRequest('identity', undefined)
    server.decorateRequest('secret', undefined)

    server.addHook('onRequest', async (request) => {
      if (!request.url.startsWith('/api/')) return
      const bearer = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1]
      // A bearer token is never sent by a browser on its own, so there is nothing to forge.
      if (!bearer && !SAFE.has(request.method)) refuseForeignOrigin(request)
      const secret = bearer ?? cookie.readFrom.map((name) => request.cookies[name]).find((value) => value !== undefined)
      if (!secret) return
      request.secret = secret
      request.identity = await people.identify(secret)
    })
  },
  { name: 'session' },
)

/** Browsers name the origin of every unsafe request; a page of another site must not act with our cookie. */
function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign =
    origin !== undefined
      ? hostOf(origin) !== request.headers.host
      : site !== undefined && site !== 'same-origin' && site !== 'none'
  if (foreign) throw new DomainError('origin-refused', 'this request comes from another site')
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host
  } catch {
    return undefined // "null": an opaque origin
  }
}
