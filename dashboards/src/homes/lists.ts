import type { Channel, Consent, ContactRole, Language } from '@anju/contract/api'

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

/** What somebody can write down for another: a browser signs up by itself, and a console is a seat. */
export const TYPED_CHANNELS = [
  'voice',
  'sms',
  'email',
  'wechat',
  'wecom',
  'dingtalk',
  'webhook',
] as const satisfies readonly Channel[]
export type TypedChannel = (typeof TYPED_CHANNELS)[number]
