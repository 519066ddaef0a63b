import { type Millis, millis, type Timer } from '@anju/contract'
import { FrameScanner } from '@anju/device-profiles/frame-scanner'
import type { Heard, PolledWire } from '@anju/device-profiles/wire'
import type { Line } from '../../serial-line/line.ts'
import type { DriverContext } from '../driver.ts'

/** What comes back for one question at a time. Bytes nobody waits for are no reading: an echo, noise, or another master's. */
export class AnswerReader {
  readonly #line: Line
  readonly #context: DriverContext
  #onBytes: ((bytes: Uint8Array) => void) | undefined

  constructor(line: Line, context: DriverContext) {
    this.#line = line
    this.#context = context
    line.onBytes((bytes) => this.#onBytes?.(bytes))
  }

  /**
   * The first frame that `hear` does not ignore, or undefined when the device fell silent before one came. Bytes are heard from
   * now on, since a quick device must not be quicker than us; its time runs from `said` on, when the question has left.
   */
  next(wire: PolledWire, hear: (frame: unknown) => Heard, signal: AbortSignal) {
    const { promise: heard, resolve } = Promise.withResolvers<Heard | undefined>()
    const { clock } = this.#context
    const { answerWithin, gapMax, wholeWithin } = wire.timing
    // A scanner of its own: half a frame from before the question can only spoil the answer.
    const scanner = new FrameScanner(wire.framing)
    let answerBy = 0
    let whole: Timer | undefined
    let quiet: Timer | undefined
    let more: Extract<Heard, { is: 'more' }> | undefined
    const finish = (value: Heard | undefined) => {
      this.#onBytes = undefined
      quiet?.cancel()
      whole?.cancel()
      signal.removeEventListener('abort', cancel)
      resolve(value)
    }
    const cancel = () => finish(undefined)
    const take = (found: ReturnType<typeof scanner.push>): boolean => {
      for (const scanned of found) {
        if (scanned.is === 'refused') {
          this.#refuse(scanned.code, scanned.why)
          continue
        }
        this.#line.understood()
        const meant = hear(scanned.frame)
        if (meant.is === 'ignored') continue
        if (meant.is === 'more' && meant.pause !== undefined) {
          more = meant
          continue
        }
        finish(meant)
        return true
      }
      return false
    }
    const waitOn = (silence: Millis) => {
      quiet?.cancel()
      quiet = clock.after(silence, () => {
        // What is pending will not be completed, but a whole frame may stand inside it.
        if (take(scanner.reset())) return
        // What broke off may have been noise: the device still has the rest of its time.
        const rest = answerBy - clock.monotonic()
        if (rest > 0 && !more) waitOn(millis(rest))
        else finish(more)
      })
    }
    // Noise or an echo is not yet an answer: until a frame is under way the device still has its time.
    const silenceNow = () => (scanner.pendingBytes > 0 ? gapMax : (more?.pause ?? answerWithin))

    signal.addEventListener('abort', cancel, { once: true })
    this.#onBytes = (bytes) => {
      if (!take(scanner.push(bytes)) && whole) waitOn(silenceNow())
    }
    const said = () => {
      if (!this.#onBytes || signal.aborted) return cancel()
      answerBy = clock.monotonic() + answerWithin
      whole = clock.after(wholeWithin, cancel)
      waitOn(silenceNow())
    }
    return { heard, said, cancel }
  }

  #refuse(code: string, why: string): void {
    const { listener, log } = this.#context
    listener
      .refuse({ source: this.#line.id, code, why, bytes: new Uint8Array() })
      .catch((error: unknown) => log.error({ error, line: this.#line.id }, 'a refused frame could not be counted'))
  }
}
