import type { Consent, ContactRole, Language } from '@anju/contract/api'

/** The contract's closed lists as this page offers them; a test holds them to the contract, whose schemas no browser needs. */
export const ROLES = ['family', 'neighbour', 'key-holder'] as const satisfies readonly ContactRole[]
export const SPOKEN = ['zh-CN', 'en'] as const satisfies readonly Language[]
export const PURPOSES = [
  'alarm',
  'daily-state',
  'routine',
  'telemetry',
  'responder-visit',
] as const satisfies readonly Consent['purpose'][]
export const RECIPIENTS = [
  'contact',
  'responder',
  'centre',
  'area-staff',
] as const satisfies readonly Consent['recipient']['kind'][]
export const RISK_LEVELS = ['high', 'special', 'standard'] as const
