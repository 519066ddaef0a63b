import type { FastifyRequest } from 'fastify'
import { type Author, noteChange } from '../audit/audit.ts'
import { keyOf } from './idempotency.ts'
import { fromOf, required } from './policy.ts'

/** The person behind a request that changes something, and how their change is written down. */
export function authorOf(request: FastifyRequest): Author {
  const { actor } = required(request)
  const from = fromOf(request)
  return { actor, key: keyOf(request), note: (tx, change) => noteChange(tx, actor, change, from) }
}
