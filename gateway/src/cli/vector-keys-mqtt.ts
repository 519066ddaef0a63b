import type { Meaning } from './vector-keys.ts'

/** The rows of the reviewed table for what speaks in payloads: Bluetooth, LoRaWAN and the MQTT dialects. */
const point = (name: string, exponent = 0): Meaning => ({ is: 'point', point: name, exponent })
const word = (name: string): Meaning => ({ is: 'word', word: name })

const BTHOME: Readonly<Record<string, Meaning>> = {
  event: { is: 'event' },
  packet_id: word('packetId'),
  buttons: word('buttons'),
  battery_pct: point('battery'),
  temperature_c: point('temperature'),
  humidity_pct: point('humidity'),
  moisture_pct: point('moisture'),
  pressure_hpa: point('pressure'),
  illuminance_lux: point('illuminance'),
  voltage_v: point('voltage'),
  current_a: point('current'),
  power_w: point('active-power'),
  energy_kwh: point('active-energy'),
  co2_ppm: point('carbon-dioxide'),
  motion: point('motion'),
  occupancy: point('occupancy'),
  smoke: point('smoke'),
  gas: point('gas'),
  carbon_monoxide: point('carbon-monoxide'),
  water_leak: point('water-leak'),
  tamper: point('tamper'),
  light: point('light'),
  contact_open: { is: 'point', point: 'contact', inverted: true },
  count: word('count'),
  rotation_deg: { is: 'word', word: 'rotation', measured: true },
  counter: word('counter'),
  encrypted: word('encrypted'),
}

export const MQTT_KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  'bthome-v2': BTHOME,
}
