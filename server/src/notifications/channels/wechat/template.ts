import { body, oneOf } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { Outgoing } from '../../channel.ts'
import { Text } from '../../provider.ts'
import { cut } from '../cut.ts'

/** A template as WeChat numbered its fields (`thing1`, `time2` …), and what of ours goes into each. */
export const Template = body({
  id: Text,
  data: Type.Record(
    Type.String({ pattern: '^[a-z_]+\\d+$' }),
    oneOf(['kind', 'at', 'code', 'title', 'body'] as const),
    { additionalProperties: false },
  ),
})
export type Template = Static<typeof Template>

/** Longer values are refused as a whole (47003), by the kind of field its name begins with. */
const CHARS_MAX: Readonly<Record<string, number>> = {
  thing: 20,
  phrase: 5,
  character_string: 32,
  const: 20,
  short_thing: 5,
}

export const templateData = (template: Template, { facts, words }: Outgoing): Record<string, { value: string }> =>
  Object.fromEntries(
    Object.entries(template.data).map(([field, source]) => {
      const value = source === 'title' || source === 'body' ? words[source] : facts[source]
      const charsMax = CHARS_MAX[field.replace(/\d+$/, '')]
      return [field, { value: charsMax === undefined ? value : cut(value, charsMax) }]
    }),
  )

/** `oa:` and `mp:` say whose open id it is: one person has another at every account. */
export const openIdOf = (address: string, prefix: 'oa' | 'mp'): string | undefined =>
  address.startsWith(`${prefix}:`) && /^[\w-]{16,64}$/.test(address.slice(3)) ? address.slice(3) : undefined
