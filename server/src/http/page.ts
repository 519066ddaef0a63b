import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DomainError } from '@anju/contract'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { serverFolder } from '../folder.ts'
import { problemOf } from './errors.ts'

/** Where `npm run build -w dashboards` puts the web app. */
const BUILT = fileURLToPath(new URL('../dashboards/dist/', serverFolder))
const UNBUILT = 'The web app is not built: npm run build -w dashboards\n'

/** The web app, and the answer to everything that is no route: its own pages for a browser, a problem for a program. */
export const page = fp(
  async (server: FastifyInstance) => {
    const built = existsSync(BUILT)
    if (built)
      await server.register(fastifyStatic, {
        root: BUILT,
        index: ['index.html'],
        cacheControl: false,
        setHeaders(reply, path) {
          // Built files carry their content's hash in their name; the page that names them must always be asked for anew.
          reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
        },
      })

    server.setNotFoundHandler((request, reply) => {
      const wantsPage =
        request.method === 'GET' && !request.url.startsWith('/api/') && !/\.\w{1,8}(\?|$)/.test(request.url)
      if (wantsPage && built) return reply.header('cache-control', 'no-cache').sendFile('index.html')
      if (wantsPage && request.url === '/') return reply.type('text/plain').send(UNBUILT)
      const problem = problemOf(new DomainError('route-unknown', 'there is nothing here'))
      return reply.status(problem.status).type('application/problem+json').send(problem)
    })
  },
  { name: 'page', dependencies: ['policy'] },
)
