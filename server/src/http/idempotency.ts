import { DomainError } from '@anju/contract'
import type { FastifyRequest } from 'fastify'
import { fingerprint, type Once } from '../database/idempotency.ts'
import { required } from './policy.ts'

/** The request's `Idempotency-Key`, when it carries one. A second session of one account is another caller. */
export function keyOf(request: FastifyRequest): Once | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new DomainError('request-malformed', 'Idempotency-Key: 1 to 128 printable characters without blanks')
  const { actor } = required(request)
  return {
    centre: actor.centre,
    person: actor.person,
    key,
    fingerprint: fingerprint([actor.session, request.method, request.url, request.body ?? null]),
  }
}
