import type { Quantity } from '@anju/contract'

/**
 * The objects of BTHome v2 (its format page, "Sensor data", "Binary sensor data", "Events"): the id alone tells how long the
 * value is, so an id that is not here ends the reading of a packet.
 */
export type BtHomeObject =
  | {
      readonly is: 'number'
      readonly name: string
      readonly bytes: 1 | 2 | 3 | 4
      readonly signed?: true
      /** The raw number is this many of the unit: 100 for hundredths. */
      readonly perUnit: number
      readonly quantity?: Quantity
    }
  | { readonly is: 'switch'; readonly name: string; readonly quantity?: Quantity; readonly inverted?: true }
  | { readonly is: 'packet-id' | 'button' | 'dimmer' | 'text' | 'raw' | 'time' }
  /** Numbers with points between them, the newest part last on the air. */
  | { readonly is: 'version'; readonly bytes: 3 | 4 }

type Width = 1 | 2 | 3 | 4
const u = (bytes: Width, name: string, perUnit = 1, quantity?: Quantity): BtHomeObject => ({
  is: 'number',
  name,
  bytes,
  perUnit,
  ...(quantity ? { quantity } : {}),
})
const s = (bytes: Width, name: string, perUnit = 1, quantity?: Quantity): BtHomeObject => ({
  is: 'number',
  name,
  bytes,
  perUnit,
  signed: true,
  ...(quantity ? { quantity } : {}),
})
const flag = (name: string, quantity?: Quantity): BtHomeObject => ({
  is: 'switch',
  name,
  ...(quantity ? { quantity } : {}),
})
/** 1 is open; our contact is 1 when closed. */
const opening = (name: string): BtHomeObject => ({ is: 'switch', name, quantity: 'contact', inverted: true })

export const OBJECTS: Readonly<Record<number, BtHomeObject>> = {
  0x00: { is: 'packet-id' },
  0x01: u(1, 'battery', 1, 'battery-level'),
  0x02: s(2, 'temperature', 100, 'temperature'),
  0x03: u(2, 'humidity', 100, 'relative-humidity'),
  0x04: u(3, 'pressure', 100, 'atmospheric-pressure'),
  0x05: u(3, 'illuminance', 100, 'illuminance'),
  0x06: u(2, 'mass-kg', 100),
  0x07: u(2, 'mass-lb', 100),
  0x08: s(2, 'dew-point', 100, 'temperature'),
  0x09: u(1, 'count'),
  0x0a: u(3, 'active-energy', 1_000, 'active-energy-import'),
  0x0b: u(3, 'active-power', 100, 'active-power'),
  0x0c: u(2, 'voltage', 1_000, 'electric-potential'),
  0x0d: u(2, 'pm2-5'),
  0x0e: u(2, 'pm10'),
  0x0f: flag('generic'),
  0x10: flag('power-on', 'switched-on'),
  0x11: opening('contact'),
  0x12: u(2, 'carbon-dioxide', 1, 'carbon-dioxide'),
  0x13: u(2, 'tvoc'),
  0x14: u(2, 'moisture', 100, 'moisture'),
  0x15: flag('battery-low'),
  0x16: flag('battery-charging'),
  0x17: flag('carbon-monoxide', 'carbon-monoxide'),
  0x18: flag('cold'),
  0x19: flag('connected'),
  0x1a: opening('contact'),
  0x1b: opening('contact'),
  0x1c: flag('gas', 'gas'),
  0x1d: flag('heat'),
  0x1e: flag('light', 'light'),
  0x1f: flag('unlocked'),
  0x20: flag('water-leak', 'water-leak'),
  0x21: flag('motion', 'motion'),
  0x22: flag('moving'),
  0x23: flag('occupancy', 'presence'),
  0x24: flag('plugged'),
  0x25: flag('home'),
  0x26: flag('problem'),
  0x27: flag('running'),
  0x28: flag('safe'),
  0x29: flag('smoke', 'smoke'),
  0x2a: flag('sound'),
  0x2b: flag('tamper', 'tamper'),
  0x2c: flag('vibration'),
  0x2d: opening('contact'),
  0x2e: u(1, 'humidity', 1, 'relative-humidity'),
  0x2f: u(1, 'moisture', 1, 'moisture'),
  0x3a: { is: 'button' },
  0x3c: { is: 'dimmer' },
  0x3d: u(2, 'count'),
  0x3e: u(4, 'count'),
  0x3f: s(2, 'rotation', 10),
  0x40: u(2, 'distance', 1_000, 'distance'),
  0x41: u(2, 'distance', 10, 'distance'),
  0x42: u(3, 'duration-s', 1_000),
  0x43: u(2, 'current', 1_000, 'electric-current'),
  0x44: u(2, 'speed', 100),
  0x45: s(2, 'temperature', 10, 'temperature'),
  0x46: u(1, 'uv-index', 10),
  0x47: u(2, 'volume-l', 10),
  0x48: u(2, 'volume-ml'),
  0x49: u(2, 'volume-flow', 1_000),
  0x4a: u(2, 'voltage', 10, 'electric-potential'),
  0x4b: u(3, 'gas-volume', 1_000, 'gas-volume'),
  0x4c: u(4, 'gas-volume', 1_000, 'gas-volume'),
  0x4d: u(4, 'active-energy', 1_000, 'active-energy-import'),
  0x4e: u(4, 'volume-l', 1_000),
  // Litres on the air, cubic metres with us.
  0x4f: u(4, 'water-volume', 1_000_000, 'water-volume'),
  0x50: { is: 'time' },
  0x51: u(2, 'acceleration', 1_000),
  0x52: u(2, 'gyroscope', 1_000),
  0x53: { is: 'text' },
  0x54: { is: 'raw' },
  0x55: u(4, 'volume-storage-l', 1_000),
  0x56: u(2, 'conductivity'),
  0x57: s(1, 'temperature', 1, 'temperature'),
  // 0.35 °C a step: 20 raw are 7 °C.
  0x58: s(1, 'temperature', 20 / 7, 'temperature'),
  0x59: s(1, 'count'),
  0x5a: s(2, 'count'),
  0x5b: s(4, 'count'),
  0x5c: s(4, 'active-power', 100, 'active-power'),
  0x5d: s(2, 'current', 1_000, 'electric-current'),
  0x5e: u(2, 'direction', 100),
  0x5f: u(2, 'precipitation-mm', 10),
  0x60: u(1, 'channel'),
  0x61: u(2, 'rotational-speed-rpm'),
  0x62: s(4, 'speed', 1_000_000),
  0x63: s(4, 'acceleration', 1_000_000),
  0x64: u(1, 'light-level'),
  0xf0: u(2, 'device-type'),
  0xf1: { is: 'version', bytes: 4 },
  0xf2: { is: 'version', bytes: 3 },
}

/** What a knob was turned to; 0 is a knob that was not touched. */
export const DIMMERS: Readonly<Record<number, string>> = { 0x01: 'rotate_left', 0x02: 'rotate_right' }

/** `null` is the button that was not touched. FE is a hold of some Shelly models and no event of BTHome: a profile decides. */
export const BUTTONS: Readonly<Record<number, string | null>> = {
  0x00: null,
  0x01: 'press',
  0x02: 'double_press',
  0x03: 'triple_press',
  0x04: 'long_press',
  0x05: 'long_double_press',
  0x06: 'long_triple_press',
  0x80: 'hold_press',
}
