import type { Absence, EventType } from '@anju/contract'
import type { Refused } from '@anju/device-profiles'
import { METER_KEYS } from './vector-keys-meters.ts'
import { MODEM_KEYS } from './vector-keys-modem.ts'
import { MQTT_KEYS } from './vector-keys-mqtt.ts'
import { RADAR_KEYS } from './vector-keys-radar.ts'
import { RADIO_KEYS } from './vector-keys-radio.ts'
import { SERIAL_KEYS } from './vector-keys-serial.ts'

/**
 * The reviewed table from the keys of the vectors to our points and words. A key that is not here is never guessed at: its
 * vector is reported unjudged, with the key.
 */
export type Meaning =
  /** A reading, in the vector's unit: ours times 10^`exponent`. */
  | { readonly is: 'point'; readonly point: string; readonly exponent?: number; readonly inverted?: true }
  /** A list of readings in order. */
  | { readonly is: 'points'; readonly points: readonly string[]; readonly exponent?: number; readonly inverted?: true }
  /** A word of the frame: `whole` numbers and texts must be equal, `measured` ones to half the last digit printed. */
  | { readonly is: 'word'; readonly word: string; readonly measured?: true; readonly exponent?: number }
  /** A word with parts (a list or an object): the vector's must be in it, in the same places; numbers as measured ones. */
  | { readonly is: 'parts'; readonly word: string }
  /** A word of every frame, as a list; of the first, when the vector gives no list. */
  | { readonly is: 'collected'; readonly word: string }
  /** One part of a word with parts. */
  | { readonly is: 'inside-of'; readonly word: string; readonly key: string }
  /** The same frame said in other words: keys of its own. */
  | { readonly is: 'inside'; readonly keys: Readonly<Record<string, Meaning>> }
  /** A text that stands in one of these words. */
  | { readonly is: 'any-of'; readonly words: readonly string[] }
  /** Some of a list of numbered records: each is compared to ours of the same `index`. */
  | { readonly is: 'records'; readonly word: string }
  /** A word of ours under the vectors' name for it. */
  | { readonly is: 'named'; readonly word: string; readonly names: Readonly<Record<string, string>> }
  /** The CRC-16 of the bytes themselves, which need not be a frame. */
  | { readonly is: 'crc16'; readonly of: (bytes: Uint8Array) => number }
  /** How many frames were told. */
  | { readonly is: 'count' }
  /** A word that goes by the model: the first of these that the frame has. */
  | { readonly is: 'either'; readonly words: readonly string[] }
  /** A list of records in the word, with the meanings of their own keys. */
  | { readonly is: 'list'; readonly word: string; readonly fields: Readonly<Record<string, Meaning>> }
  /** A data identifier, with or without the order of its bytes: `901F (bytes 1F 90)`. */
  | { readonly is: 'identifier' }
  /** Names of events, in the vectors' words; null: no event at all. */
  | { readonly is: 'event' }
  /** Why a value is absent. */
  | { readonly is: 'absence'; readonly words: Readonly<Record<string, Absence>> }

const point = (name: string, exponent = 0): Meaning => ({ is: 'point', point: name, exponent })
const word = (name: string): Meaning => ({ is: 'word', word: name })

const ZIGBEE2MQTT: Readonly<Record<string, Meaning>> = {
  event: { is: 'event' },
  action: word('action'),
  availability: word('availability'),
  bridge_event: word('bridgeEvent'),
  device: word('device'),
  last_seen: word('lastSeen'),
  battery_low: word('batteryLow'),
  battery_pct: point('battery'),
  linkquality: point('link-quality'),
  voltage_v: point('voltage'),
  temperature_c: point('temperature'),
  humidity_pct: point('humidity'),
  illuminance_lux: point('illuminance'),
  occupancy: point('occupancy'),
  presence: point('presence'),
  contact_open: { is: 'point', point: 'contact', inverted: true },
  smoke: point('smoke'),
  gas: point('gas'),
  carbon_monoxide: point('carbon-monoxide'),
  water_leak: point('water-leak'),
  tamper: point('tamper'),
  fall: point('fall'),
  test: word('test'),
  vibration: word('vibration'),
  switch: point('switch'),
  switch_on: point('switch'),
  battery_v: point('voltage'),
  power_w: point('active-power'),
  current_a: point('current'),
  energy_kwh: point('active-energy'),
  energy_returned_kwh: point('active-energy-reverse'),
  pressure_hpa: point('pressure'),
  co2_ppm: point('carbon-dioxide'),
  moisture_pct: point('moisture'),
  bridge_state: word('bridge'),
  interview: word('interview'),
  ieee_address: word('ieeeAddress'),
  command: word('command'),
  direction: word('direction'),
}

export const KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  ...MQTT_KEYS,
  ...SERIAL_KEYS,
  ...METER_KEYS,
  ...RADAR_KEYS,
  ...RADIO_KEYS,
  ...MODEM_KEYS,
  zigbee2mqtt: ZIGBEE2MQTT,
}

/** The vectors' names of events. `button_<action>` is an action that raises nothing by itself. */
export const EVENTS: Readonly<Record<string, EventType>> = {
  sos: 'sos-pressed',
  panic: 'sos-pressed',
  emergency: 'sos-pressed',
  fall: 'fall-detected',
  fall_detected: 'fall-detected',
  fall_suspected: 'fall-suspected',
  fall_cleared: 'fall-cleared',
  smoke: 'smoke',
  gas: 'gas-leak',
  gas_leak: 'gas-leak',
  carbon_monoxide: 'carbon-monoxide',
  water_leak: 'water-leak',
  flood: 'water-leak',
  tamper: 'tamper',
  test: 'test',
  device_fault: 'device-fault',
  battery_low: 'battery-low',
}

/** The vectors' names of errors. */
type Reason = Refused['reason']
export const ERRORS: Readonly<Record<string, Reason | readonly Reason[]>> = {
  checksum: 'checksum',
  data_checksum: 'checksum',
  header_checksum: 'header-checksum',
  incomplete: 'incomplete',
  truncated: 'incomplete',
  end_byte: 'end-byte',
  not_this_protocol: 'not-this-protocol',
  unencrypted_but_key_configured: 'unencrypted',
  no_answer_line: 'no-answer-line',
  error: 'error-result',
  error_result: 'error-result',
  bcc: 'checksum',
  crc: 'checksum',
  data_crc: 'checksum',
  header_crc: 'header-checksum',
  application_layer: 'malformed',
  bad_length: ['length', 'incomplete'],
  mic: 'checksum',
  mic_mismatch: 'checksum',
  decryption_failed: 'checksum',
  wrong_key: 'checksum',
  key_missing: 'key-missing',
  encrypted_but_no_key: 'key-missing',
  unsupported_version: 'not-this-protocol',
  parse: ['malformed', 'not-this-protocol'],
  bad_checksum: 'checksum',
  bad_crc: 'checksum',
  malformed: ['malformed', 'not-this-protocol', 'length'],
  length: ['length', 'malformed', 'incomplete', 'not-this-protocol'],
  no_frame: 'not-this-protocol',
  start_byte: 'not-this-protocol',
}

/** The same measure several times in one frame: the point, then its numbered ones. */
export const numbered = (point: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? point : `${point}-${i + 1}`))
