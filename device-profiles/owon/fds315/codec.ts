import { absent, type Reading, reading } from '@anju/contract'
import type { Properties } from '../../protocols/zigbee2mqtt/payload.ts'

const POSTURES: ReadonlySet<unknown> = new Set(['occupied', 'sitting', 'on_the_bed', 'low_posture', 'falling'])

/** One word for who is there and how. One that is not known neither raises nor clears; a retained one was before we listened. */
export function statusOf({ status }: Properties, retained: boolean): Partial<Record<'presence' | 'fall', Reading>> {
  if (status === undefined || retained) return {}
  if (status !== 'unoccupied' && !POSTURES.has(status)) {
    const unknown = absent(status === null ? 'not-reported' : 'invalid')
    return { presence: unknown, fall: unknown }
  }
  return { presence: reading(status !== 'unoccupied'), fall: reading(status === 'falling') }
}
