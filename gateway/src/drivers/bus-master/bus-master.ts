import { type Absence, DomainError, errorMessage, millis, sleep } from '@anju/contract'
import { type LineDriver, messageFrom } from '../driver.ts'
import { AnswerReader } from './answer-reader.ts'
import { converse } from './converse.ts'
import { type Ask, asked, busQuietMaxOf, nextAsk, pollPlan } from './poll-plan.ts'

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
  quietMaxOf: busQuietMaxOf,
  attach(line, devices, context) {
    const { clock, log } = context
    const stopping = new AbortController()
    const floor = { line, reader: new AnswerReader(line, context), clock, signal: stopping.signal }
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
        const heard = await converse(floor, wire, exchange)
        if (heard?.is === 'answer') return heard
        return heard?.is === 'refused' ? { is: 'absent', why: heard.why, alive: true } : noAnswer
      } catch (error) {
        if (error instanceof DomainError && error.code === 'port-unavailable')
          return { is: 'absent', why: 'line-down', alive: false }
        throw error
      }
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
