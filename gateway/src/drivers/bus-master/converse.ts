import { type Clock, sleep } from '@anju/contract'
import type { Exchange, Heard, PolledWire } from '@anju/device-profiles/wire'
import type { Line } from '../../serial-line/line.ts'
import type { AnswerReader } from './answer-reader.ts'

/** A line that is ours for as long as this conversation lasts. */
export interface Floor {
  readonly line: Line
  readonly reader: AnswerReader
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** An exchange bounds itself; one that would go on asking all the same is ended. */
const questionsMax = 300

/**
 * One exchange, from its first question to what ends it: an answer, a refusal, or undefined where nobody answered. The line is at its
 * own speed afterwards, whatever happened. `onSaid` is told each question.
 * @throws DomainError `port-unavailable` when the line is down.
 */
export async function converse(
  floor: Floor,
  wire: PolledWire,
  exchange: Exchange,
  onSaid: (question: Uint8Array) => void = () => undefined,
): Promise<Exclude<Heard, { is: 'more' }> | undefined> {
  const { line, clock, signal } = floor
  try {
    if (exchange.baud !== undefined) await line.setBaud(exchange.baud)
    let say: Uint8Array | undefined = exchange.request
    let baud: number | undefined
    for (let questions = 0; say && questions < questionsMax && !signal.aborted; questions++) {
      onSaid(say)
      const heard = await question(floor, wire, exchange, { say, baud })
      if (heard?.is !== 'more') return heard
      say = heard.request
      baud = heard.baud
      await sleep(clock, wire.timing.turnRound, signal)
    }
    return undefined
  } finally {
    await line.restoreBaud()
  }
}

/** Says it, goes to the speed that was agreed on, and waits for what the exchange takes for an answer. */
async function question(
  { line, reader, signal }: Floor,
  wire: PolledWire,
  exchange: Exchange,
  { say, baud }: { readonly say: Uint8Array; readonly baud: number | undefined },
): Promise<Heard | undefined> {
  const answer = reader.next(wire, (frame) => exchange.hear(frame), signal)
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
