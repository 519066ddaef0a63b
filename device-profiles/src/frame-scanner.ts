import type { ErrorCode } from '@anju/contract'

/** Why a run of bytes that looked like a frame is none. */
export type RefusalReason = 'checksum' | 'header-checksum' | 'end-byte' | 'length' | 'incomplete'

/** What a protocol makes of the bytes in hand, judged from the first one. */
export type Sight<Frame> =
  /** No frame begins here. */
  | { readonly is: 'noise' }
  /** One may begin here; the rest has not arrived. */
  | { readonly is: 'incomplete' }
  | { readonly is: 'frame'; readonly frame: Frame; readonly length: number }
  /** It has a frame's shape and fails its checks. */
  | { readonly is: 'refused'; readonly reason: RefusalReason; readonly why: string }

export type Scanned<Frame> =
  | { readonly is: 'frame'; readonly frame: Frame }
  | { readonly is: 'refused'; readonly code: ErrorCode; readonly reason: RefusalReason; readonly why: string }

export interface Framing<Frame> {
  readonly look: (bytes: Uint8Array) => Sight<Frame>
  /** The longest frame: `look` may not ask for more than so many bytes. */
  readonly frameBytesMax: number
}

const nothing = new Uint8Array(0)
const codeOf = (reason: RefusalReason): ErrorCode =>
  reason === 'checksum' || reason === 'header-checksum' ? 'frame-checksum' : 'frame-malformed'

/**
 * Finds frames in a stream of bytes that may be cut anywhere, joined, and full of noise. After anything that is not a good
 * frame it moves one byte and looks again, because a start byte may be data and the real frame may begin inside a broken
 * one. It holds less than one frame between calls. When a frame stops in the middle is the caller's to decide (only the
 * caller has a clock): it then calls `reset`.
 */
export class FrameScanner<Frame> {
  readonly #framing: Framing<Frame>
  #pending: Uint8Array = nothing
  #noiseBytes = 0

  constructor(framing: Framing<Frame>) {
    this.#framing = framing
  }

  /** Bytes that belonged to no frame, since the scanner was made. */
  get noiseBytes(): number {
    return this.#noiseBytes
  }
  /** Bytes of a frame that has not ended yet. */
  get pendingBytes(): number {
    return this.#pending.byteLength
  }

  push(chunk: Uint8Array): Scanned<Frame>[] {
    const found: Scanned<Frame>[] = []
    const bytes = join(this.#pending, chunk)
    const at = this.#scan(bytes, found, false)
    if (bytes.byteLength - at >= this.#framing.frameBytesMax)
      throw new Error(`framing asked for more than its ${this.#framing.frameBytesMax} bytes`)
    // A copy: the rest must not keep the whole chunk in memory, nor change when the caller reuses it.
    this.#pending = at === bytes.byteLength ? nothing : bytes.slice(at)
    return found
  }

  /** The line has been quiet for longer than a frame may pause: nothing will complete what is pending. */
  reset(): Scanned<Frame>[] {
    const found: Scanned<Frame>[] = []
    const bytes = this.#pending
    this.#pending = nothing
    this.#scan(bytes, found, true)
    return found
  }

  /** Returns the offset of the first byte that must be kept. */
  #scan(bytes: Uint8Array, found: Scanned<Frame>[], last: boolean): number {
    let at = 0
    let complained = false
    while (at < bytes.byteLength) {
      const sight = this.#framing.look(at === 0 ? bytes : bytes.subarray(at))
      if (sight.is === 'frame') {
        found.push({ is: 'frame', frame: sight.frame })
        at += sight.length
        continue
      }
      if (sight.is === 'incomplete') {
        if (!last) return at
        // Start bytes inside the unfinished frame would each complain again about the same loss.
        if (!complained)
          found.push({
            is: 'refused',
            code: codeOf('incomplete'),
            reason: 'incomplete',
            why: `frame cut off after ${bytes.byteLength - at} bytes`,
          })
        complained = true
      } else if (sight.is === 'refused')
        found.push({ is: 'refused', code: codeOf(sight.reason), reason: sight.reason, why: sight.why })
      this.#noiseBytes++
      at++
    }
    return at
  }
}

/** Everything in one buffer that is known to be whole. */
export function scanAll<Frame>(framing: Framing<Frame>, bytes: Uint8Array): Scanned<Frame>[] {
  const scanner = new FrameScanner(framing)
  return [...scanner.push(bytes), ...scanner.reset()]
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.byteLength === 0) return second
  const both = new Uint8Array(first.byteLength + second.byteLength)
  both.set(first)
  both.set(second, first.byteLength)
  return both
}
