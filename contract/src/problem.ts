import Type, { type Static } from 'typebox'
import { Owner } from './alarm.ts'
import { Changed } from './changed.ts'
import { CONSENT_PURPOSES } from './consent.ts'
import { nullable, oneOf } from './schema.ts'

/** RFC 9457 with our stable `code`. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  owner: Type.Optional(nullable(Owner)),
  /** Of every `…-changed`. */
  changed: Type.Optional(Changed),
  /** Of `consent-missing`: what the resident has not agreed to. */
  purpose: Type.Optional(oneOf(CONSENT_PURPOSES)),
  /** Of `plan-incomplete`: what is still to be done or to be skipped with a reason. */
  steps: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), text: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }) })),
  ),
})
export type Problem = Static<typeof Problem>
