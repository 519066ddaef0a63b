import { type Clock, DomainError, type Random } from '@anju/contract'
import type { FastifyBaseLogger } from 'fastify'
import Type, { type TProperties } from 'typebox'
import { isLoopback } from '../domain/loopback.ts'
import type { CallbackReader, ChannelAdapter } from './channel.ts'

/** What every provider may need to be opened; each takes what it uses. */
export interface Parts {
  readonly clock: Clock
  readonly random: Random
  readonly dataDir: string
  /** Where people's browsers and providers reach this server: an origin, without a slash at its end. */
  readonly publicUrl: string
  readonly log: FastifyBaseLogger
}

/** A provider, opened. A reader only where something is said later. */
export interface Opened {
  readonly adapter: ChannelAdapter
  readonly reader?: CallbackReader
}

/** Settings of a provider: a misspelt one is refused. */
export const settings = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false })
export const Text = Type.String({ minLength: 1, maxLength: 500 })
/** PEM, as a whole chain may be; usually given as `{"file": …}`. */
export const Pem = Type.String({ minLength: 1, maxLength: 100_000, pattern: '-----BEGIN CERTIFICATE-----' })
/** What an endpoint or a robot is called in the configuration, and the address its notifications have. */
export const NAME_PATTERN = '^[a-z0-9][a-z0-9-]{0,62}$'

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
