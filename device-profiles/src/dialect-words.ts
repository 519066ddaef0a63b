import { absent, type Reading, reading } from '@anju/contract'
import type { Told } from './telling.ts'

/** A word of the frame that is true or false; null is one that came and could not be read. */
export const switchWord =
  (word: string, { inverted = false } = {}) =>
  ({ frame }: Told): Reading | undefined => {
    const given = Object.hasOwn(frame, word) ? frame[word] : undefined
    if (given === undefined) return undefined
    return typeof given === 'boolean' ? reading(given !== inverted) : absent('invalid')
  }

/** A word of the frame that is a whole number, like a counter. */
export const countWord =
  (word: string) =>
  ({ frame }: Told): Reading | undefined => {
    const given = Object.hasOwn(frame, word) ? frame[word] : undefined
    if (given === undefined || given === null) return undefined
    return typeof given === 'number' && Number.isInteger(given) ? reading(given) : absent('invalid')
  }

/**
 * Several switches of one meaning (two probes, a state and a record): one that is 1 is enough, and only all of them at 0 are 0.
 */
export const anyOf =
  (quantity: Told['readings'][number]['quantity']) =>
  ({ readings }: Told): Reading | undefined => {
    const given = readings.filter((item) => item.quantity === quantity).map((item) => item.reading)
    return (
      given.find((one) => one.is === 'value' && one.value === 1) ?? given.find(({ is }) => is === 'absent') ?? given[0]
    )
  }
