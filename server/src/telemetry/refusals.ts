import { DomainError } from '@anju/contract'
import type { Refusal, TelemetryBatch } from './store.ts'

/** Epoch ms of the first and the last instant a store can write down. */
export interface TimeLimits {
  readonly earliest: number
  readonly latest: number
}

/**
 * The messages of a batch that can never be stored, and why. JSON has no NaN, but a store must not depend on who calls it.
 * Beyond 2^53 − 1 a whole number is no longer the one that was sent, and no home has so much of anything.
 * @throws DomainError `request-malformed` for a batch without messages: there would be nothing to receipt.
 */
export function refusalsOf(batch: TelemetryBatch, { earliest, latest }: TimeLimits): Map<number, Refusal> {
  const { rows, at, value, absent, messageEnds, messages } = batch
  if (messages === 0) throw new DomainError('request-malformed', 'an empty batch: there is nothing to store')
  const refused = new Map<number, Refusal>()
  const refuse = (message: number, why: string) => refused.set(message, { code: 'message-malformed', why })
  let message = 0
  for (let row = 0; row < rows; row++) {
    while (row >= (messageEnds[message] as number)) message++
    const when = at[row] as number
    const what = value[row] as number
    if (absent[row] === 0 && !Number.isFinite(what)) refuse(message, 'a value is not a finite number')
    else if (absent[row] === 0 && Math.abs(what) > Number.MAX_SAFE_INTEGER)
      refuse(message, `a value lies beyond ±${Number.MAX_SAFE_INTEGER}, where whole numbers are no longer exact`)
    else if (!Number.isInteger(when)) refuse(message, 'a time is not one')
    else if (when < earliest || when > latest) refuse(message, 'a time is outside what the store can write down')
  }
  return refused
}
