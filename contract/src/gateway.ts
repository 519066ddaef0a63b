import Type, { type Static } from 'typebox'
import { body, nullable, oneOf, Time } from './schema.ts'

export const GATEWAY_STATES = ['online', 'silent', 'never-heard'] as const

export const GatewayStatus = Type.Object({
  id: Type.String(),
  homeId: nullable(Type.String()),
  state: oneOf(GATEWAY_STATES),
  lastHeardAt: nullable(Time),
  /** The gateway's last own words, as it sent them. */
  health: nullable(Type.Record(Type.String(), Type.Unknown())),
})
export type GatewayStatus = Static<typeof GatewayStatus>

export const GatewayBody = body({
  serial: Type.String({ minLength: 1, maxLength: 64 }),
  homeId: Type.Optional(Type.String({ maxLength: 64 })),
})

export const GatewayAnswer = Type.Object({
  id: Type.String(),
  mqtt: Type.Object({ url: Type.String(), username: Type.String(), password: Type.String() }),
})
export type GatewayAnswer = Static<typeof GatewayAnswer>
