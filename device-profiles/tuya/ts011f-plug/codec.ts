import { absent, type Reading, reading } from '@anju/contract'
import type { Properties } from '../../protocols/zigbee2mqtt/payload.ts'

export function switchedOn({ state }: Properties): Partial<Record<'switch', Reading>> {
  if (state === undefined) return {}
  if (state === 'ON' || state === 'OFF') return { switch: reading(state === 'ON') }
  return { switch: absent(state === null ? 'not-reported' : 'invalid') }
}
