import { type Absence, DomainError, errorMessage, millis, sleep } from '@anju/contract'
import { Dlt645ReadExchange } from '@anju/device-profiles/protocols/dlt645/exchange'
import { type Dlt645Frame, dlt645Scanner } from '@anju/device-profiles/protocols/dlt645/framing'
import type { Line } from '../../serial-line/line.ts'
import type { DriverContext, LineDriver } from '../driver.ts'
import { type Ask, asked, nextAsk, pollPlan } from './poll-plan.ts'

/** A meter answers within 500 ms (DL/T 645-2007 §6.2); a frame takes up to half a second more at 1200 baud, and a converter its own time. */
const answerWithin = millis(1_000)
const triesMax = 2
/** RS-485 transceivers need a moment to turn round between an answer and the next request. */
const turnRound = millis(30)

type Outcome =
  | { readonly is: 'answer'; readonly di: string; readonly data: Uint8Array }
  | { readonly is: 'absent'; readonly why: Absence; readonly alive: boolean }

/** The only master on its line: asks one meter one thing at a time, and takes for an answer only what was asked. */
export const dlt645Driver: LineDriver = {
  attach(line, devices, context) {
    const { clock, log } = context
    const stopping = new AbortController()
    const reader = new FrameReader(line, context)
    const aloneOnBus = devices.length === 1
    let plan = pollPlan(devices, clock.monotonic())

    async function poll(): Promise<void> {
      while (!stopping.signal.aborted) {
        const ask = nextAsk(plan)
        if (!ask) return
        const wait = ask.dueAt - clock.monotonic()
        if (wait > 0) {
          await sleep(clock, millis(wait), stopping.signal)
          continue
        }
        plan = asked(plan, ask, clock.monotonic())
        try {
          await tell(ask, await line.takeTurn(() => read(ask)))
        } catch (error) {
          log.error({ why: errorMessage(error), device: ask.device.id, di: ask.di }, 'a poll could not be stored')
        }
        await sleep(clock, turnRound, stopping.signal)
      }
    }

    async function read(ask: Ask): Promise<Outcome> {
      let outcome: Outcome = { is: 'absent', why: 'no-answer', alive: false }
      for (let attempt = 0; attempt < triesMax && !stopping.signal.aborted; attempt++) {
        outcome = await readOnce(ask)
        if (outcome.is === 'answer' || outcome.why !== 'no-answer') return outcome
      }
      return outcome
    }

    async function readOnce({ device, di }: Ask): Promise<Outcome> {
      const exchange = new Dlt645ReadExchange({ address: device.address ?? '', di, aloneOnBus })
      let request: Uint8Array | undefined = exchange.request
      reader.forget()
      while (request) {
        // Listening begins before the last byte is out: a quick meter must not be quicker than us.
        const answer = reader.next((frame) => {
          const meant = exchange.hear(frame)
          return meant.is === 'ignored' ? undefined : meant
        }, stopping.signal)
        try {
          await line.write(request)
        } catch (error) {
          answer.cancel()
          if (error instanceof DomainError && error.code === 'port-unavailable')
            return { is: 'absent', why: 'line-down', alive: false }
          throw error
        }
        const heard = await answer.frame
        if (!heard) return { is: 'absent', why: 'no-answer', alive: false }
        if (heard.is === 'answer') return heard
        if (heard.is === 'refused')
          return { is: 'absent', why: heard.why === 'not-supported' ? 'not-supported' : 'device-fault', alive: true }
        request = heard.is === 'more' ? heard.request : undefined
      }
      return { is: 'absent', why: 'no-answer', alive: false }
    }

    function tell({ device, points }: Ask, outcome: Outcome): Promise<void> {
      if (stopping.signal.aborted && outcome.is === 'absent') return Promise.resolve()
      if (outcome.is === 'absent') return context.listener.silence(device, points, outcome.why, outcome.alive)
      const heard = { at: clock.now(), mono: clock.monotonic() }
      return context.listener.hear({
        device,
        driver: 'dlt645-2007',
        message: { di: outcome.di, data: outcome.data },
        heard,
      })
    }

    const polling = poll()
    return {
      async stop() {
        stopping.abort()
        await polling
      },
    }
  },
}

/** The frames of a line, handed to whoever waits for one. What nobody waits for is no reading: an echo, or another master's. */
class FrameReader {
  readonly #scanner = dlt645Scanner()
  readonly #context: DriverContext
  #onFrame: ((frame: Dlt645Frame) => void) | undefined

  constructor(line: Line, context: DriverContext) {
    this.#context = context
    line.onBytes((bytes) => {
      for (const scanned of this.#scanner.push(bytes))
        if (scanned.is === 'frame') this.#onFrame?.(scanned.frame)
        else
          context.listener
            .refuse({ source: line.id, code: scanned.code, why: scanned.why, bytes: new Uint8Array() })
            .catch((error: unknown) =>
              context.log.error({ error, line: line.id }, 'a refused frame could not be counted'),
            )
    })
  }

  /** A half frame from before the request can only spoil the answer. */
  forget(): void {
    this.#scanner.reset()
  }

  /** The first thing `choose` makes of a frame, or undefined when the time is up. */
  next<T>(choose: (frame: Dlt645Frame) => T | undefined, signal: AbortSignal) {
    const { promise: frame, resolve } = Promise.withResolvers<T | undefined>()
    const finish = (value: T | undefined) => {
      this.#onFrame = undefined
      timer.cancel()
      signal.removeEventListener('abort', cancel)
      resolve(value)
    }
    const cancel = () => finish(undefined)
    const timer = this.#context.clock.after(answerWithin, cancel)
    signal.addEventListener('abort', cancel, { once: true })
    this.#onFrame = (heard) => {
      const chosen = choose(heard)
      if (chosen !== undefined) finish(chosen)
    }
    return { frame, cancel }
  }
}
