import Type, { type Static } from 'typebox'
import { nullable, oneOf, Time } from './schema.ts'

/** How a person can be reached. `console` is a page of ours at a seat; every other one goes through a provider. */
export const CHANNELS = ['console', 'push', 'sms', 'voice', 'email', 'wechat', 'wecom', 'dingtalk', 'webhook'] as const
export type Channel = (typeof CHANNELS)[number]

/**
 * What is known of one attempt. Sent is not delivered, delivered is not seen, seen is not accepted. `unknown`: we stopped
 * between asking the provider and hearing its answer.
 */
export const NOTIFICATION_STATES = [
  'queued',
  'sent',
  'delivered',
  'seen',
  'accepted',
  'declined',
  'failed',
  'unknown',
  'cancelled',
] as const
export type NotificationState = (typeof NOTIFICATION_STATES)[number]

/** Why an attempt failed, as far as we say it ourselves or providers agree; anything else is a provider's own code. */
export const FAILURE_REASONS = [
  'no-provider',
  'too-late',
  'address-dead',
  'time-out',
  'interrupted',
  'busy',
  'no-answer',
  'unreachable',
  'switched-off',
  'number-malformed',
] as const

/** `alarm` asks for a deliberate acceptance, `stand-down` ends such an asking, `notice` only tells. */
export const PURPOSES = ['alarm', 'stand-down', 'notice'] as const
export type Purpose = (typeof PURPOSES)[number]

/** One attempt to reach one person, as an alarm's page shows it. The address is masked: only its last digits. */
export const Notification = Type.Object({
  id: Type.String(),
  purpose: oneOf(PURPOSES),
  track: nullable(Type.String()),
  round: Type.Integer(),
  step: Type.Integer(),
  recipient: Type.Object({ kind: Type.String(), id: Type.String(), name: Type.String() }),
  channel: oneOf(CHANNELS),
  address: Type.String(),
  state: oneOf(NOTIFICATION_STATES),
  /** Why it failed, in the provider's own code, or until when somebody accepted. */
  why: nullable(Type.String()),
  at: Type.Object({
    queued: Time,
    sent: nullable(Time),
    delivered: nullable(Time),
    seen: nullable(Time),
    accepted: nullable(Time),
    declined: nullable(Time),
    failed: nullable(Time),
  }),
})
export type Notification = Static<typeof Notification>

/** How one provider of one channel fares: the centre's own attempts of the last 24 hours. */
export const ChannelHealth = Type.Object({
  channel: oneOf(CHANNELS),
  /** Null: what nobody could send, because no provider is configured for the channel. */
  provider: nullable(Type.String()),
  configured: Type.Boolean(),
  /** Where an address is a name of the configuration: all of them. */
  names: Type.Array(Type.String()),
  /** Sent, or further. */
  succeeded: Type.Integer(),
  failed: Type.Integer(),
  unknown: Type.Integer(),
  waiting: Type.Integer(),
  lastSuccessAt: nullable(Time),
  lastFailureAt: nullable(Time),
})
export type ChannelHealth = Static<typeof ChannelHealth>
