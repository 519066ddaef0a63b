import { Readable } from 'node:stream'
import { type Clock, DomainError, type Millis, type Timer } from '@anju/contract'

/**
 * A body that ends, and its connection with it, when nobody takes its next piece in time: whoever stops reading would hold a
 * place among the few for as long as their machine is on. How long the pieces take to come is their source's concern.
 */
export function readInTime(pieces: AsyncIterable<string>, idleMax: Millis, clock: Clock): Readable {
  let idle: Timer | undefined
  async function* handed(): AsyncGenerator<string> {
    for await (const piece of pieces) {
      idle = clock.after(idleMax, () => {
        body.destroy(new DomainError('overloaded', `nobody read on for ${idleMax / 1_000} s`))
      })
      yield piece
      idle.cancel()
    }
  }
  const body = Readable.from(handed(), { objectMode: false, highWaterMark: 0 })
  return body.once('close', () => idle?.cancel())
}
