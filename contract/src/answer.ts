import Type, { type Static } from 'typebox'
import { body, nullable, oneOf, Time } from './schema.ts'

/** What somebody who was asked to go answers: on the page behind their link, or signed in. */

export const ANSWERS = ['going', 'cannot', 'seen'] as const
export const etaMinutesMax = 120

const etaMinutes = Type.Optional(Type.Integer({ minimum: 1, maximum: etaMinutesMax }))
export const AnswerBody = body({ answer: oneOf(ANSWERS), etaMinutes })
export type AnswerBody = Static<typeof AnswerBody>
export const GoingBody = body({ etaMinutes })
export type GoingBody = Static<typeof GoingBody>
export const GoingAnswer = Type.Object({ acceptedUntil: Time })
export type GoingAnswer = Static<typeof GoingAnswer>

/** What a link shows to whoever holds it: what happened and when, never to whom or where. */
export const AnswerView = Type.Object({
  /** The event's type, without the `anju.` prefix. */
  type: Type.String(),
  at: Time,
  /** The home's, in which `at` and the others are said. */
  timeZone: Type.String(),
  test: Type.Boolean(),
  state: oneOf(['asked', 'accepted', 'declined'] as const),
  /** Until when others are not asked because of this answer. */
  acceptedUntil: nullable(Time),
  etaMinutes: nullable(Type.Integer()),
  /** Others who are on the way now. */
  going: Type.Array(Type.Object({ name: Type.String(), until: Time })),
  /** Nobody needs to go any more (`closed`), this person need not (`stood-down`), or it was about nobody (`only-a-test`). */
  over: nullable(oneOf(['closed', 'stood-down', 'only-a-test'] as const)),
})
export type AnswerView = Static<typeof AnswerView>
