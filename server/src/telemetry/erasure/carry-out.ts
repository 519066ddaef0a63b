import { type Clock, errorMessage, seconds } from '@anju/contract'
import { createEraser, type EraserParts } from './eraser.ts'

const lookEvery = seconds(5)

export interface CarryOutParts extends EraserParts {
  readonly clock: Clock
}

/** Erases what is due, whichever server asked for it; after a crash half-way another one, or this one, goes on. */
export function startErasing({ clock, ...parts }: CarryOutParts) {
  const { database, log } = parts
  const eraser = createEraser(parts)
  const stopped = new AbortController()
  let running: Promise<void> | undefined

  async function work(): Promise<void> {
    while (!stopped.signal.aborted && (await eraser.next()));
  }

  const wake = () => {
    if (stopped.signal.aborted) return
    running ??= work()
      .catch((error: unknown) => {
        if (database.healthy) log.warn({ why: errorMessage(error) }, 'erasures are looked for later')
      })
      .finally(() => {
        running = undefined
      })
  }
  const timer = clock.every(lookEvery, wake)
  return {
    wake,
    /** Is not waited for: what is under way ends with its stores, and somebody goes on. */
    stop() {
      stopped.abort()
      timer.cancel()
    },
  }
}
