import { type Clock, DomainError, type Random } from '@anju/contract'
import type { Purpose } from '@anju/contract/api'
import { body } from '@anju/contract/schema'
import Type, { type TSchema } from 'typebox'
import { isLoopback } from '../domain/loopback.ts'
import type { CallbackReader, ChannelAdapter } from './channel.ts'

/** What every provider may need to be opened; each takes what it uses. */
export interface Parts {
  readonly clock: Clock
  readonly random: Random
  readonly dataDir: string
  /** Where people's browsers and providers reach this server: an origin, without a slash at its end. */
  readonly publicUrl: string
  readonly log: { warn(detail: object, message: string): void }
}

/** A provider, opened. Readers only where something is said later. */
export interface Opened {
  readonly adapters: readonly ChannelAdapter[]
  readonly readers: readonly CallbackReader[]
}
/** A provider that says all it has to say at once. */
export const only = (adapter: ChannelAdapter): Opened => ({ adapters: [adapter], readers: [] })

export const Text = Type.String({ minLength: 1, maxLength: 500 })
/** PEM, as a whole chain may be; usually given as `{"file": …}`. */
export const Pem = Type.String({ minLength: 1, maxLength: 100_000, pattern: '-----BEGIN CERTIFICATE-----' })
/** Endpoints or robots by what they are called here, which is also the address of what is sent to them. */
export const byName = <T extends TSchema>(one: T) =>
  Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), one, {
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1_000,
  })

/** The provider's own address unless a proxy or a region says otherwise; plaintext, and our secrets with it, stays on loopback. */
export const Endpoint = Type.Optional(
  Type.String({ pattern: '^(?:https://[^/?#@]+|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d+)?)$' }),
)
/** One for each purpose and language: what people read in their own words, the provider has approved beforehand. */
export const perMessage = <T extends TSchema>(one: T) => {
  const languages = body({ 'zh-CN': one, en: one })
  return body({ alarm: languages, 'stand-down': languages, notice: languages } satisfies Record<Purpose, unknown>)
}

export const callbackUrl = (parts: Pick<Parts, 'publicUrl'>, provider: string): string =>
  `${parts.publicUrl}/api/v1/callbacks/${provider}`

/** Names the setting and never its value: it may be a secret. */
export const refuse = (path: string, why: string) => new DomainError('config-malformed', `${path}: ${why}`)

/** @throws DomainError `config-malformed`: what we tell a provider does not cross a network in the clear. */
export function secureUrl(text: string, path: string): URL {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw refuse(path, 'is not an https:// address')
  if (url.username || url.password) throw refuse(path, 'carries a password; give it by itself')
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw refuse(path, 'is plaintext and not on loopback; use https://')
  return url
}
