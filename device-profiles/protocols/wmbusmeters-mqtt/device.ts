import { type Reading, reading } from '@anju/contract'
import { dialect } from '../../src/dialect.ts'
import type { Told } from '../../src/telling.ts'
import { wmbusmetersMqtt } from './tell.ts'

/** A meter that wmbusmeters hears, under a topic of its own. */
export const wmbusDevice = dialect(wmbusmetersMqtt)

const wordsOf = (status: string): readonly string[] => status.split(/\s+/)

/** Whether one of these words stands in the status; a telegram without a status says nothing of it. */
export const statusSays =
  (...words: readonly string[]) =>
  ({ frame: { status } }: Told): Reading | undefined =>
    typeof status === 'string' ? reading(wordsOf(status).some((word) => words.includes(word))) : undefined

/** Whether anything but these words stands in it. */
export const statusSaysMoreThan =
  (...words: readonly string[]) =>
  ({ frame: { status } }: Told): Reading | undefined =>
    typeof status === 'string'
      ? reading(wordsOf(status).some((word) => word !== '' && word !== 'OK' && !words.includes(word)))
      : undefined

export const BATTERY_WORDS = ['LOW_BATTERY', 'POWER_LOW'] as const
