import type { Reading } from '@anju/contract'
import { type Properties, switchIn } from './payload.ts'

/** A radar sees who sits still, so its occupancy is presence; of a motion sensor the same property is movement. */
export function presenceIn(properties: Properties): Partial<Record<'presence', Reading>> {
  const given = switchIn(properties, 'occupancy')
  return given ? { presence: given } : {}
}
