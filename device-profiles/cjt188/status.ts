import { absent, type Reading, reading } from '@anju/contract'
import type { DeviceOptions, Option } from '../src/profile.ts'

/** Bits of the first status byte. Makers arrange them otherwise than each other. */
interface StatusLayout {
  readonly valve: { readonly mask: number; readonly open: number; readonly closed: number; readonly fault: number }
  readonly batteryLow: number
}
const LAYOUTS: Readonly<Record<string, StatusLayout>> = {
  /** What most makers do: bits 0 and 1 the valve, bit 2 the battery. */
  usual: { valve: { mask: 0x03, open: 0x00, closed: 0x01, fault: 0x03 }, batteryLow: 0x04 },
  /** The other arrangement that is met: the top two bits the valve, bit 5 the battery. */
  'top-bits': { valve: { mask: 0xc0, open: 0x00, closed: 0x40, fault: 0xc0 }, batteryLow: 0x20 },
}

export const statusOption = {
  'status-bits': {
    name: 'how the maker arranges the status bits: usual, top-bits, or unknown when neither fits',
    pattern: 'usual|top-bits|unknown',
    required: false,
  },
} as const satisfies Readonly<Record<string, Option>>

export const statusMeasures = {
  'valve-open': { quantity: 'valve-open', name: 'Valve open' },
  'valve-fault': { quantity: 'device-fault', name: 'Valve fault' },
  'battery-low': { quantity: 'battery-low', name: 'Battery low' },
} as const
export const statusPoints = ['valve-open', 'valve-fault', 'battery-low'] as const

/** Only flags are sent, so they are what the events go by. */
export const statusEvents = {
  'battery-low': { class: 'technical', from: 'level', of: 'battery-low' },
  'device-fault': { class: 'technical', from: 'level', of: 'valve-fault' },
} as const

type StatusReadings = Readonly<Record<keyof typeof statusMeasures, Reading>>
const all = (same: Reading): StatusReadings => ({ 'valve-open': same, 'valve-fault': same, 'battery-low': same })

/** @param status Two bytes as hex; null when the answer ended before them. */
export function statusReadings(status: string | null, options: DeviceOptions): StatusReadings {
  const layout = LAYOUTS[options['status-bits'] ?? 'usual']
  if (!layout) return all(absent('not-supported'))
  if (status === null) return all(absent('not-reported'))
  const bits = Number.parseInt(status.slice(0, 2), 16)
  return { ...valveOf(bits, layout), 'battery-low': reading((bits & layout.batteryLow) !== 0) }
}

/** A valve that is stuck is neither open nor closed, as far as the meter can tell. */
function valveOf(bits: number, { valve }: StatusLayout): Pick<StatusReadings, 'valve-open' | 'valve-fault'> {
  switch (bits & valve.mask) {
    case valve.open:
      return { 'valve-open': reading(true), 'valve-fault': reading(false) }
    case valve.closed:
      return { 'valve-open': reading(false), 'valve-fault': reading(false) }
    case valve.fault:
      return { 'valve-open': absent('device-fault'), 'valve-fault': reading(true) }
    default:
      return { 'valve-open': absent('invalid'), 'valve-fault': absent('invalid') }
  }
}
