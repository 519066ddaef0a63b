import type { Alarm } from './alarm.ts'
import type { GatewayStatus } from './gateway.ts'

/**
 * `queue`: every console of a centre by the centre's id, or the one of a seat by the seat's: then those who say that they sit there, and
 * those who have said no seat; `centre`: every one of another centre; `person`: wherever they sit.
 */
export interface AskedConsole {
  readonly kind: 'queue' | 'centre' | 'person'
  readonly id: string
}

/** The live stream's items (`event:` field) and what each carries in `data:`. `prev` is the id before it in this stream. */
export type LiveItem =
  | {
      readonly event: 'alarm' | 'alarm-closed'
      readonly data: {
        readonly prev: string | null
        readonly alarm: Alarm
        readonly cause: string
        /** With the cause `escalated`: whose consoles are asked. */
        readonly asked?: readonly AskedConsole[]
      }
    }
  | {
      readonly event: 'home'
      readonly data: { readonly prev: string | null; readonly homeId: string; readonly mode: string }
    }
  | { readonly event: 'gateway'; readonly data: { readonly prev: string | null; readonly gateway: GatewayStatus } }
  /** Not part of the numbered stream (it must be sayable while the store is down): it has no id of its own. */
  | {
      readonly event: 'status'
      readonly data: {
        readonly prev: string | null
        readonly store: 'ok' | 'degraded'
        readonly telemetry: 'ok' | 'degraded'
        readonly at: string
      }
    }
  | { readonly event: 'reset'; readonly data: { readonly prev: null } }
