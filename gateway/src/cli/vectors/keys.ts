import type { EventType } from '@anju/contract'
import type { Refused } from '@anju/device-profiles'
import { METER_KEYS } from './keys-meters.ts'
import { MODEM_KEYS } from './keys-modem.ts'
import { MQTT_KEYS } from './keys-mqtt.ts'
import { RADAR_KEYS } from './keys-radar.ts'
import { RADIO_KEYS } from './keys-radio.ts'
import { SERIAL_KEYS } from './keys-serial.ts'
import { type Meaning, point, word } from './meaning.ts'

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

/**
 * The reviewed table from the keys of the vectors to our points and words. A key that is not here is never guessed at: its
 * vector is reported unjudged, with the key.
 */
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
