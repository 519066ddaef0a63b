import type { Clock } from '@anju/contract'

/** The simulated side of a serial line. Like a wire, it keeps nothing for somebody who is not listening. */
export interface SimulatedLine {
  /** What the gateway's configuration calls this line. */
  readonly url: string
  write(bytes: Uint8Array): void
  /** Ends what carries the line; resolves when it is gone. */
  stop(): Promise<void>
}

export interface LineParts {
  readonly clock: Clock
  /** What the gateway says on the line. */
  readonly hear: (bytes: Uint8Array) => void
  readonly log: (message: string) => void
}

/** Bytes that may wait for a side that does not read; then they are lost, as on a wire. */
export const waitingBytesMax = 16 * 1024
