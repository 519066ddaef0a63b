import Type, { type Static } from 'typebox'
import { body, nullable, oneOf, PersonsId, Time } from './schema.ts'

export const CONSENT_PURPOSES = ['alarm', 'daily-state', 'routine', 'telemetry', 'responder-visit'] as const
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number]
export const CONSENT_RECIPIENTS = ['contact', 'responder', 'centre', 'area-staff'] as const
const consentFields = {
  resident: PersonsId,
  purpose: oneOf(CONSENT_PURPOSES),
  recipient: body({ kind: oneOf(CONSENT_RECIPIENTS), id: PersonsId }),
  /** In whose presence, on what paper. */
  evidence: Type.String({ minLength: 1, maxLength: 500 }),
}
const { resident, ...consentGiven } = consentFields
/** Without a resident: whoever lives there. */
export const ConsentBody = body({ resident: Type.Optional(resident), ...consentGiven })
export type ConsentBody = Static<typeof ConsentBody>
export const Consent = Type.Object({
  id: Type.String(),
  homeId: Type.String(),
  ...consentFields,
  givenAt: Time,
  withdrawnAt: nullable(Time),
})
export type Consent = Static<typeof Consent>
