import { absent, type Reading, reading } from '@anju/contract'
import { ByteReader } from '../../src/byte-reader.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

/** State, two targets of distance and energy, detection distance. */
const targetBytes = 9
const statesMax = 3
/** Newer ones measure their background noise for a while: bits as of a target, and no target. */
const CALIBRATING: ReadonlySet<number> = new Set([4, 5, 6])

/** The state byte alone says who is there: the energies are not zero when nobody is. */
export function decode({ mode, target }: DriverMessages['ld2410']): Decoded<'presence' | 'motion'> {
  const input = new ByteReader(target)
  const state = input.u8()
  input.bytes(targetBytes - 1)
  // Engineering mode appends the energy of each gate.
  if (mode === 'basic') input.end()
  const unknown = absent(CALIBRATING.has(state) ? 'warming-up' : 'invalid')
  const known = (value: boolean): Reading => (state <= statesMax ? reading(value) : unknown)
  return { readings: { presence: known(state !== 0), motion: known((state & 1) !== 0) }, events: [] }
}
