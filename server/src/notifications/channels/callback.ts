import { createHash, timingSafeEqual } from 'node:crypto'
import { DomainError, malformed } from '@anju/contract'
import type { CallbackRequest, Report } from '../channel.ts'

/** Words shared by those who read what a provider calls us with. */

export const notFrom = (provider: string): DomainError =>
  new DomainError('credentials-wrong', `this is not from ${provider}`)

/** Compares secrets in a time that does not depend on where they differ. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

export function mustPost(request: CallbackRequest): void {
  if (request.method !== 'POST') throw malformed('method', `${request.method} is not POST`)
}

/** One header; a repeated one is nobody's we know. */
export function header(request: CallbackRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

const itemsMax = 1_000

/** The body as a JSON array of objects, which is how batches are pushed. */
export function jsonItems(request: CallbackRequest): readonly Readonly<Record<string, unknown>>[] {
  let value: unknown
  try {
    value = JSON.parse(request.body.toString('utf8'))
  } catch {
    throw malformed('body', 'not JSON')
  }
  if (!Array.isArray(value)) throw malformed('body', 'not an array')
  if (value.length > itemsMax) throw malformed('body', `more than ${itemsMax} items`)
  return value.map((item: unknown, at) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw malformed(`[${at}]`, 'not an object')
    return item as Record<string, unknown>
  })
}

/** Our own ids, as they come back: anything else was not sent by us. */
export const ownId = (value: unknown): string | null =>
  typeof value === 'string' && /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(value) ? value : null

const idCharsMax = 128
/** The provider's own id of what was sent. */
export const providersId = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= idCharsMax ? value : null

/** A report that is no failure unless it says why. */
export const reportOf = (
  of: Pick<Report, 'provider' | 'id' | 'providerId'>,
  says: Report['says'],
  failure: { readonly why?: string; readonly dead?: boolean } = {},
): Report => ({ ...of, says, why: failure.why ?? null, addressDead: failure.dead ?? false })
