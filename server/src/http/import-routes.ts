import { DomainError } from '@anju/contract'
import { ImportReport } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { HouseholdImport } from '../homes/import/households.ts'
import { required } from './policy.ts'

/** A city of a hundred thousand households is a fifth of it. */
const fileBytesMax = 256 * 1024 * 1024
const busyS = 30

const Query = Type.Object(
  { dryRun: Type.Optional(Type.Union([Type.Literal('true'), Type.Literal('false')])) },
  { additionalProperties: false },
)

/** Lists of households, read as they come in: nothing of them is kept here. */
export function importRoutes(run: (given: HouseholdImport) => Promise<ImportReport>): FastifyPluginAsyncTypebox {
  return async (server) => {
    // One at a time: two would share what is left beside the alarms, and finish no sooner.
    let running = false
    // The body is read by the import itself, piece by piece.
    server.addContentTypeParser('text/csv', (_request, _payload, done) => done(null, null))

    server.route({
      method: 'POST',
      url: '/imports/households',
      bodyLimit: fileBytesMax,
      schema: { querystring: Query, response: { 200: ImportReport } },
      config: {
        policy: 'household.import',
        // It says of which households the list and the centre differ, and in what.
        reads: ['home.external-ref'],
      },
      handler: async (request) => {
        if (!/^text\/csv\b/i.test(request.headers['content-type'] ?? ''))
          throw new DomainError('request-malformed', 'content-type: must be text/csv')
        if (running) throw new DomainError('too-many-requests', 'another list is being taken in', { waitS: busyS })
        running = true
        try {
          const { actor } = required(request)
          const dryRun = request.query.dryRun === 'true'
          const report = await run({
            actor,
            centre: actor.centre,
            dryRun,
            file: limited(request.raw.iterator({ destroyOnReturn: false })),
          })
          request.looksAt = report.changes.map(({ homeId }) => homeId)
          request.lookPurpose = `${dryRun ? 'dry run of an import' : 'import'} of ${report.rows} households`
          return report
        } finally {
          running = false
        }
      },
    })
  }
}

/** Stopping early leaves the connection alone: the answer still has to go through it. */
async function* limited(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > fileBytesMax)
      throw new DomainError('message-oversized', `the file is larger than ${fileBytesMax} bytes`)
    yield piece
  }
}
