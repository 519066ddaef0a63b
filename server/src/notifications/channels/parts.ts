import type { Purpose } from '@anju/contract/api'
import { body } from '@anju/contract/schema'
import Type, { type TSchema } from 'typebox'
import type { Parts } from '../provider.ts'

export const callbackUrl = (parts: Pick<Parts, 'publicUrl'>, provider: string): string =>
  `${parts.publicUrl}/api/v1/callbacks/${provider}`

export const Secret = Type.String({ minLength: 1, maxLength: 512 })
export const Name = Type.String({ minLength: 1, maxLength: 256 })
/** The provider's own address unless a proxy or a region says otherwise; plaintext, and our secrets with it, stays on loopback. */
export const Endpoint = Type.Optional(
  Type.String({ pattern: '^(?:https://[^/?#@]+|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d+)?)$' }),
)

/** One for each purpose and language: what people read in their own words, the provider has approved beforehand. */
export const perMessage = <T extends TSchema>(one: T) => {
  const languages = body({ 'zh-CN': one, en: one })
  return body({ alarm: languages, 'stand-down': languages, notice: languages } satisfies Record<Purpose, unknown>)
}
