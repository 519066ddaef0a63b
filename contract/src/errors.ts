/** Every code a caller may branch on. A new one must also be placed in the server's table of HTTP statuses. */
export type ErrorCode =
  // what arrived cannot be understood
  | 'id-malformed'
  | 'time-malformed'
  | 'request-malformed'
  | 'frame-malformed'
  | 'frame-checksum'
  | 'frame-unknown'
  | 'payload-malformed'
  | 'message-malformed'
  | 'message-oversized'
  | 'outside-retention'
  | 'time-not-credible'
  | 'topic-unknown'
  | 'gateway-mismatch'
  // alarms
  | 'alarm-unknown'
  | 'alarm-closed'
  | 'alarm-not-closed'
  | 'claimed-by-other'
  | 'lease-stale'
  | 'undo-expired'
  | 'transition-refused'
  | 'plan-incomplete'
  // people and rights
  | 'not-logged-in'
  | 'credentials-wrong'
  | 'second-factor-wrong'
  | 'account-locked'
  | 'password-expired'
  | 'second-factor-exempt'
  | 'own-account'
  | 'username-taken'
  | 'forbidden'
  | 'origin-refused'
  | 'too-many-requests'
  | 'owns-alarms'
  // things asked for
  | 'route-unknown'
  | 'centre-unknown'
  | 'home-unknown'
  | 'gateway-unknown'
  | 'placement-unknown'
  | 'contact-unknown'
  | 'responder-unknown'
  | 'plan-unknown'
  | 'step-unknown'
  | 'handover-unknown'
  | 'answer-unknown'
  | 'person-unknown'
  | 'way-unknown'
  | 'seat-unknown'
  | 'seat-in-use'
  | 'shift-unknown'
  | 'consent-unknown'
  | 'consent-withdrawn'
  | 'consent-missing'
  | 'erasure-unknown'
  | 'policy-unknown'
  | 'policy-unreachable'
  | 'area-unknown'
  | 'external-ref-taken'
  | 'serial-taken'
  | 'idempotency-conflict'
  | 'range-too-long'
  | 'config-malformed'
  | 'port-unavailable'
  // somebody else has written it since it was read
  | 'plan-changed'
  | 'home-changed'
  | 'resident-changed'
  | 'contact-changed'
  | 'contact-order-changed'
  | 'responder-changed'
  | 'person-changed'
  | 'seat-changed'
  | 'shift-changed'
  | 'policy-changed'
  // parts that are down
  | 'store-unavailable'
  | 'telemetry-unavailable'
  | 'overloaded'
  | 'internal'

export class DomainError extends Error {
  override readonly name = 'DomainError'
  /** Callers branch on the code, never on the wording. */
  readonly code: ErrorCode
  /** For logs. `message` may reach a person's screen; `detail` never leaves the process. */
  readonly detail: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    detail: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.code = code
    this.detail = detail
  }
}

/** `where` names the field. What was sent is not repeated: it may hold a number, or a secret. */
export const malformed = (where: string, why: string): DomainError =>
  new DomainError('request-malformed', `${where}: ${why}`)

/** The code of a domain error, `internal` for anything else. */
export function errorCode(error: unknown): ErrorCode {
  return error instanceof DomainError ? error.code : 'internal'
}

/** A sentence for a log or a problem document; never throws, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
