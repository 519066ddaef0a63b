import { type Reading, reading } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

/** Kilowatts that became watts carry dust behind the digits that came (1.9 / 0.001 is 1899.9999999999998). */
export function toTheMilliwatt({ readings }: Told): Reading | undefined {
  const given = readings.find(({ point }) => point === 'active-power')?.reading
  return given?.is === 'value' ? reading(Math.round(given.value * 1_000) / 1_000) : given
}
