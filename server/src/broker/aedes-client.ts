import type { Duplex } from 'node:stream'
import type { Session } from './session.ts'

/**
 * What we use of an aedes client beyond its published types. It is stated in one place because an update of aedes may change
 * it; the broker's suite fails when it does.
 */
export interface Client {
  /** Rewritten by us after authentication, before aedes registers the client. */
  id: string
  readonly conn: Duplex
  readonly closed: boolean
  readonly connected: boolean
  will: unknown
  /** Cuts the client off when its socket has not drained within `drainTimeout`. */
  waitForDrain(done: () => void): void
  close(done?: () => void): void
  readonly connackSent: boolean
  readonly _keepaliveTimer: { refresh(): void } | null
  /** mqtt-packet's. */
  readonly _parser: {
    parse: (chunk: Buffer) => number
    readonly packet: { readonly length: number; readonly cmd: string | null }
    /** Bytes that wait for the rest of their packet, and how far into a packet it is. */
    readonly _list: { readonly length: number }
    readonly _stateCounter: number
  }
  /** Ours. */
  anjuSession?: Session
}

/** MQTT 3.1.1 §3.2.2.3. */
export const AuthErrorCode = { unavailable: 3, badCredentials: 4 } as const
