import { STATUS_CODES } from 'node:http'
import { DomainError, type ErrorCode } from '@anju/contract'
import type { Problem } from '@anju/contract/api'
import type { FastifyError, FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** The one place where a domain error learns that HTTP exists; a new code does not compile until it is placed here. */
const statusOf = {
  'id-malformed': 400,
  'time-malformed': 400,
  'request-malformed': 400,
  'frame-malformed': 422,
  'frame-checksum': 422,
  'frame-unknown': 422,
  'payload-malformed': 422,
  'message-malformed': 422,
  'message-oversized': 413,
  'outside-retention': 422,
  'time-not-credible': 422,
  'topic-unknown': 422,
  'gateway-mismatch': 422,
  'alarm-unknown': 404,
  'alarm-closed': 409,
  'alarm-not-closed': 409,
  'claimed-by-other': 409,
  'lease-stale': 409,
  'undo-expired': 409,
  'transition-refused': 409,
  'plan-incomplete': 409,
  'not-logged-in': 401,
  'credentials-wrong': 401,
  'second-factor-wrong': 401,
  'account-locked': 403,
  'password-expired': 403,
  'second-factor-exempt': 409,
  'own-account': 409,
  'username-taken': 409,
  forbidden: 403,
  'origin-refused': 403,
  'too-many-requests': 429,
  'owns-alarms': 409,
  'route-unknown': 404,
  'centre-unknown': 404,
  'home-unknown': 404,
  'gateway-unknown': 404,
  'placement-unknown': 404,
  'contact-unknown': 404,
  'responder-unknown': 404,
  'plan-unknown': 404,
  'step-unknown': 404,
  'handover-unknown': 404,
  'answer-unknown': 404,
  'person-unknown': 404,
  'way-unknown': 404,
  'seat-unknown': 404,
  'seat-in-use': 409,
  'shift-unknown': 404,
  'consent-unknown': 404,
  'consent-withdrawn': 409,
  'consent-missing': 403,
  'erasure-unknown': 404,
  'policy-unknown': 404,
  'policy-unreachable': 422,
  'area-unknown': 404,
  'external-ref-taken': 409,
  'serial-taken': 409,
  'idempotency-conflict': 422,
  'range-too-long': 422,
  'config-malformed': 500,
  'port-unavailable': 500,
  'plan-changed': 409,
  'home-changed': 409,
  'resident-changed': 409,
  'contact-changed': 409,
  'contact-order-changed': 409,
  'responder-changed': 409,
  'person-changed': 409,
  'seat-changed': 409,
  'shift-changed': 409,
  'policy-changed': 409,
  'store-unavailable': 503,
  'telemetry-unavailable': 503,
  overloaded: 503,
  internal: 500,
} satisfies Record<ErrorCode, number>

/** What of an error's detail may be told; everything else stays in the log. */
const TELLABLE = ['owner', 'waitS', 'steps', 'changed', 'purpose'] as const

export function problemOf(error: unknown): Problem & { readonly waitS?: number } {
  const known = error instanceof DomainError ? error : fromFastify(error as FastifyError)
  const status = statusOf[known.code]
  const told = Object.fromEntries(TELLABLE.flatMap((key) => (key in known.detail ? [[key, known.detail[key]]] : [])))
  return {
    type: `urn:anju:problem:${known.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: known.code,
    // What we did wrong ourselves is for the log, not for a screen.
    ...(known.code === 'internal' ? {} : { detail: known.message }),
    ...told,
  }
}

interface ValidationIssue {
  readonly instancePath?: string
  readonly message?: string
  readonly params?: {
    readonly additionalProperties?: readonly string[]
    readonly requiredProperties?: readonly string[]
  }
}

function fromFastify(error: FastifyError): DomainError {
  if (error.validation) {
    const [first] = error.validation as unknown as ValidationIssue[]
    const names = first?.params?.additionalProperties ?? first?.params?.requiredProperties
    const where = `${error.validationContext ?? 'request'}${first?.instancePath ?? ''}`
    const which = names?.length ? ` (${names.join(', ')})` : ''
    return new DomainError('request-malformed', `${where}: ${first?.message ?? 'is not as described'}${which}`)
  }
  const { statusCode, code, message } = error
  if (statusCode === 413) return new DomainError('message-oversized', 'the request body is too large')
  if (statusCode === 429) return new DomainError('too-many-requests', message)
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new DomainError('request-malformed', message, { code })
  return new DomainError('internal', 'internal error', {}, { cause: error })
}

/** Errors become RFC 9457 problem documents with our stable `code`. */
export const errors = fp(
  async (server: FastifyInstance) => {
    server.setErrorHandler((error, request, reply) => {
      const problem = problemOf(error)
      if (problem.status >= 500)
        request.log.error({ err: error, detail: (error as DomainError).detail }, 'request failed')
      if (problem.waitS !== undefined) reply.header('retry-after', String(problem.waitS))
      else if (problem.status === 503) reply.header('retry-after', '2')
      return reply.status(problem.status).type('application/problem+json').send(problem)
    })
  },
  { name: 'errors' },
)
