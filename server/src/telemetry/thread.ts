import type { ErrorCode } from '@anju/contract'
import type { Run } from '../domain/sequence.ts'
import type { ErasedHome } from './erasure/erased-homes.ts'

/** What the main thread and the telemetry worker say to each other. Gateways are numbers here; a number is told once. */
export interface GatewayName {
  readonly number: number
  readonly gateway: string
  readonly centre: string
  readonly home: string
}
export type ToWorker =
  | {
      readonly kind: 'slab'
      readonly buffer: ArrayBuffer
      readonly used: number
      readonly gateways: readonly GatewayName[]
    }
  /** Their samples from before are dropped from now on, also from what is in hand. */
  | { readonly kind: 'erased'; readonly homes: readonly ErasedHome[] }
  /** Finish what can be finished, then end. */
  | { readonly kind: 'close' }

export interface RefusedMessage {
  readonly gateway: number
  readonly code: ErrorCode
  readonly why: string
  /** Its first bytes. */
  readonly sample: Uint8Array
}
export interface TelemetryGap {
  readonly gateway: number
  readonly boot: number
  readonly run: Run
}
export type FromWorker =
  | {
      readonly kind: 'done'
      /** Given back, to be filled again. */
      readonly buffers: readonly ArrayBuffer[]
      readonly points: number
      /** One receipt for each gateway, as JSON. */
      readonly receipts: readonly { readonly gateway: number; readonly json: string }[]
      readonly refused: readonly RefusedMessage[]
      readonly gaps: readonly TelemetryGap[]
    }
  | { readonly kind: 'health'; readonly healthy: boolean; readonly why: string }
  /** Some samples could not be summed: questions about them are slow, and nothing is lost. */
  | { readonly kind: 'unsummed'; readonly why: string }

/** The worker's end of the line, so that a test can stand in for a thread. */
export interface WorkerPort {
  post(message: FromWorker, transfer: readonly ArrayBuffer[]): void
}
/** The main thread's end of it. */
export interface WorkerHandle {
  post(message: ToWorker, transfer: readonly ArrayBuffer[]): void
  /** Kills it if it does not end by itself. */
  terminate(): Promise<unknown>
}
export interface WorkerEvents {
  readonly message: (message: FromWorker) => void
  /** It ended, whether it was asked to or not. */
  readonly exit: (why: string) => void
}
export type StartWorker = (events: WorkerEvents) => WorkerHandle
