import type { ErrorCode } from '@anju/contract'

/** What went through the ingest since the process started. Plain numbers: they are counted for every message. */
export class IngestCounters {
  events = 0
  eventsCommitted = 0
  eventsDuplicate = 0
  /** Not acknowledged, because the store did not take them or too many waited. */
  eventsUnsettled = 0
  telemetryMessages = 0
  /** Sent away with `retryAfterS`. */
  telemetryPushedBack = 0
  telemetryPoints = 0
  healthMessages = 0
  receipts = 0
  gapsAsked = 0
  /** Could not be looked into: with its lane's next message it is seen anew. */
  gapsPutOff = 0
  quarantineDropped = 0
  readonly refused = new Map<ErrorCode, number>()

  refuse(code: ErrorCode): void {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1)
  }
}
