import { type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

/** `errors` is there only while something is wrong, so it is spoken of whenever the sensor itself is. */
export const hasFault = ({ frame, readings }: Told): Reading | undefined =>
  readings.some(({ point }) => point === 'water-leak') ? reading(frame.errors !== undefined) : undefined
