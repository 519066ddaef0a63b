import { absent, type Reading, reading } from '@anju/contract'
import { fallStageIn, isFallen } from '../../protocols/zigbee2mqtt/fall.ts'
import type { Properties } from '../../protocols/zigbee2mqtt/payload.ts'

/** One word for who is there and how. One that is not known neither raises nor clears. */
export function statusOf(properties: Properties): Partial<Record<'presence' | 'fall', Reading>> {
  const { status } = properties
  if (status === undefined) return {}
  const stage = fallStageIn(properties, 'status')
  if (!stage) {
    const unknown = absent(status === null ? 'not-reported' : 'invalid')
    return { presence: unknown, fall: unknown }
  }
  return { presence: reading(status !== 'unoccupied'), fall: isFallen(stage) }
}
