import {
  CHANNELS,
  CONSENT_PURPOSES,
  CONSENT_RECIPIENTS,
  CONTACT_ROLES,
  LANGUAGES,
  PLACE_LIMITS,
  RISKS,
} from '@anju/contract/api'
import { expect, test } from 'vitest'
import { TYPED_CHANNELS } from '../ways/way-draft.ts'
import { CONTACT_LIMITS } from './contact-draft.ts'
import { PURPOSES, RECIPIENTS, RISK_LEVELS, ROLES, SPOKEN } from './lists.ts'

test('the page offers what the contract knows, all of it', () => {
  expect(ROLES).toEqual(CONTACT_ROLES)
  expect(SPOKEN).toEqual(LANGUAGES)
  expect(PURPOSES).toEqual(CONSENT_PURPOSES)
  expect(RECIPIENTS).toEqual(CONSENT_RECIPIENTS)
  expect(RISK_LEVELS).toEqual(RISKS)
  expect([...TYPED_CHANNELS, 'console', 'push'].sort()).toEqual([...CHANNELS].sort())
  expect(CONTACT_LIMITS).toMatchObject({
    nameChars: PLACE_LIMITS.contactNameChars,
    relationChars: PLACE_LIMITS.relationChars,
  })
})
