import { type Absence, DomainError, errorMessage, millis, sleep } from '@anju/contract'
import type { Heard, PolledWire } from '@anju/device-profiles/wire'
import { type LineDriver, messageFrom } from '../driver.ts'
import { AnswerReader } from './answer-reader.ts'
import { type Ask, asked, nextAsk, pollPlan } from './poll-plan.ts'

const triesMax = 2

type Outcome =
  | { readonly is: 'answer'; readonly message: unknown }
  | { readonly is: 'absent'; readonly why: Absence; readonly alive: boolean }
const noAnswer: Outcome = { is: 'absent', why: 'no-answer', alive: false }

/**
 * The only master on its line: asks one device one thing at a time, whatever protocol that one speaks, and takes for an answer
 * only what was asked. The most overdue question comes first, so a device that is slow or dead cannot starve the others.
 */
export const busMaster: LineDriver = {
  attach(line, devices, context) {
    const { clock, log } = context
    const stopping = new AbortController()
    const reader = new AnswerReader(line, context)
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
          log.error({ why: errorMessage(error), device: ask.device.id, poll: ask.name }, 'a poll could not be stored')
        }
        await sleep(clock, ask.wire.timing.turnRound, stopping.signal)
      }
    }

    async function read(ask: Ask): Promise<Outcome> {
      let outcome = noAnswer
      for (let attempt = 0; attempt < triesMax && !stopping.signal.aborted; attempt++) {
        outcome = await readOnce(ask, attempt)
        if (outcome.is === 'answer' || outcome.why !== 'no-answer') return outcome
      }
      return outcome
    }

    async function readOnce({ device, wire, ask }: Ask, unanswered: number): Promise<Outcome> {
      const { address = '' } = device
      const exchange = wire.begin({ address, ask, aloneOnBus, unanswered, speedChanges: line.speedChanges })
      try {
        if (exchange.baud !== undefined) await line.setBaud(exchange.baud)
        let say: Uint8Array | undefined = exchange.request
        let baud: number | undefined
        while (say && !stopping.signal.aborted) {
          const heard: Heard | undefined = await question(wire, say, baud, (frame) => exchange.hear(frame))
          if (!heard) return noAnswer
          if (heard.is === 'answer') return heard
          if (heard.is === 'refused') return { is: 'absent', why: heard.why, alive: true }
          say = heard.is === 'more' ? heard.request : undefined
          baud = heard.is === 'more' ? heard.baud : undefined
          await sleep(clock, wire.timing.turnRound, stopping.signal)
        }
        return noAnswer
      } catch (error) {
        if (error instanceof DomainError && error.code === 'port-unavailable')
          return { is: 'absent', why: 'line-down', alive: false }
        throw error
      } finally {
        await line.restoreBaud()
      }
    }

    /** Says it, goes to the speed that was agreed on, and waits for what `hear` takes for an answer. */
    async function question(
      wire: PolledWire,
      say: Uint8Array,
      baud: number | undefined,
      hear: (frame: unknown) => Heard,
    ): Promise<Heard | undefined> {
      const answer = reader.next(wire, hear, stopping.signal)
      try {
        await line.write(say)
        if (baud !== undefined) await line.setBaud(baud)
        answer.said()
      } catch (error) {
        answer.cancel()
        throw error
      }
      return answer.heard
    }

    function tell({ device, points }: Ask, outcome: Outcome): Promise<void> {
      if (stopping.signal.aborted && outcome.is === 'absent') return Promise.resolve()
      if (outcome.is === 'absent') return context.listener.silence(device, points, outcome.why, outcome.alive)
      const heard = { at: clock.now(), mono: clock.monotonic() }
      return context.listener.hear(messageFrom(device, outcome.message, heard))
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
