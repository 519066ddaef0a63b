import { absent, type Reading, reading } from '@anju/contract'
import type { DeviceOptions, Option } from '../src/profile.ts'

/** Bits of the first status byte. The standard leaves their order to the maker (CJ/T 188-2004 table 10). */
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
  'battery-low': { quantity: 'battery-low', name: 'Battery low' },
} as const

/** Only a flag is sent, so that is what the event goes by. */
export const statusEvents = { 'battery-low': { class: 'technical', from: 'level', of: 'battery-low' } } as const

/** @param status Two bytes as hex; null when the answer ended before them. */
export function statusReadings(
  status: string | null,
  options: DeviceOptions,
): Readonly<Record<keyof typeof statusMeasures, Reading>> {
  const layout = LAYOUTS[options['status-bits'] ?? 'usual']
  if (!layout) return { 'valve-open': absent('not-supported'), 'battery-low': absent('not-supported') }
  if (status === null) return { 'valve-open': absent('not-reported'), 'battery-low': absent('not-reported') }
  const bits = Number.parseInt(status.slice(0, 2), 16)
  return { 'valve-open': valveOf(bits, layout), 'battery-low': reading((bits & layout.batteryLow) !== 0) }
}

function valveOf(bits: number, { valve }: StatusLayout): Reading {
  switch (bits & valve.mask) {
    case valve.open:
      return reading(true)
    case valve.closed:
      return reading(false)
    case valve.fault:
      return absent('device-fault')
    default:
      return absent('invalid')
  }
}
