import { type Clock, seconds } from '@anju/contract'
import { startRounds } from '../../rounds.ts'
import { createEraser, type EraserParts } from './eraser.ts'

const lookEvery = seconds(5)

export interface CarryOutParts extends EraserParts {
  readonly clock: Clock
}

/** Erases what is due, whichever server asked for it; after a crash half-way another one, or this one, goes on. */
export function startErasing({ clock, ...parts }: CarryOutParts) {
  const { database, log } = parts
  const eraser = createEraser(parts)

  async function work(isStopping: () => boolean): Promise<void> {
    while (!isStopping() && (await eraser.next()));
  }
  const rounds = startRounds(work, { every: lookEvery, clock, database, log, trouble: 'erasures are looked for later' })
  return {
    wake: rounds.wake,
    /** Is not waited for: what is under way ends with its stores, and somebody goes on. */
    stop: () => void rounds.stop(),
  }
}
