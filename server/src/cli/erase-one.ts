import { type Clock, elapsed, minutes, seconds, sleep } from '@anju/contract'

const lookEvery = seconds(1)
/** Longer than a store may take to say that it is done; whoever waits at a terminal is then told that it is not. */
export const waitMax = minutes(30)

export interface OneErasure {
  isBegun(): Promise<boolean>
  /** A step of it, if it is due and nobody else is at it. */
  step(): Promise<unknown>
}

/** `left`: whoever asked does not want to wait for it. In each case but `gone` the servers go on with it. */
export async function eraseOne(one: OneErasure, clock: Clock, signal: AbortSignal): Promise<'gone' | 'late' | 'left'> {
  const since = clock.monotonic()
  const over = sleep(clock, waitMax, signal)
  while (await one.isBegun()) {
    if (signal.aborted) return 'left'
    if (elapsed(since, clock.monotonic()) >= waitMax) return 'late'
    // A store that never answers is not waited for any longer than that.
    const step = one.step()
    step.catch(() => undefined)
    await Promise.race([step, over])
    await sleep(clock, lookEvery, signal)
  }
  return 'gone'
}
