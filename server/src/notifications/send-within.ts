import { assertNever, type Clock, errorMessage, type Millis, millis, type Random } from '@anju/contract'
import type { ChannelAdapter, Outgoing, Sent } from './channel.ts'
import type { Happened } from './mover.ts'

interface Limits {
  readonly clock: Clock
  readonly limit: Millis
  /** The process ends: nobody waits any longer. */
  readonly cut: AbortSignal
  readonly log: { error(detail: object, message: string): void }
}

/** One try, with an end: an adapter that hangs, or throws, has perhaps sent. */
export async function sendWithin(adapter: ChannelAdapter, message: Outgoing, limits: Limits): Promise<Sent> {
  const { clock, limit, cut, log } = limits
  const ending = new AbortController()
  const over = new Promise<Sent>((resolve) => {
    ending.signal.addEventListener('abort', () => resolve({ outcome: 'unknown', why: String(ending.signal.reason) }))
  })
  const timer = clock.after(limit, () => ending.abort('time-out'))
  const onCut = () => ending.abort('stopped')
  cut.addEventListener('abort', onCut)
  if (cut.aborted) onCut()
  try {
    return await Promise.race([adapter.send(message, ending.signal), over])
  } catch (error) {
    log.error({ why: errorMessage(error), provider: adapter.provider, id: message.id }, 'a channel threw')
    return { outcome: 'unknown', why: 'adapter-threw' }
  } finally {
    timer.cancel()
    cut.removeEventListener('abort', onCut)
  }
}

/** What the ledger is told of a provider's answer. */
export function answerOf(sent: Sent, fence: number, random: Random): Happened {
  switch (sent.outcome) {
    case 'sent':
    case 'delivered':
      return { type: sent.outcome, fence }
    case 'failed':
      return { type: 'failed', fence, why: sent.why, addressDead: sent.addressDead }
    case 'retry': {
      const after = sent.afterMs === null ? null : millis(sent.afterMs)
      return { type: 'retry', fence, why: sent.why, after, chance: random.uniform() }
    }
    case 'unknown':
      return { type: 'unknown', fence, why: sent.why, chance: random.uniform() }
    default:
      return assertNever(sent)
  }
}
