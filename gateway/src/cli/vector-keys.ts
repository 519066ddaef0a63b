import type { Absence, EventType } from '@anju/contract'
import type { Refused } from '@anju/device-profiles'
import { MQTT_KEYS } from './vector-keys-mqtt.ts'
import { SERIAL_KEYS } from './vector-keys-serial.ts'

/**
 * The reviewed table from the keys of the vectors to our points and words. A key that is not here is never guessed at: its
 * vector is reported unjudged, with the key.
 */
export type Meaning =
  /** A reading, in the vector's unit: ours times 10^`exponent`. */
  | { readonly is: 'point'; readonly point: string; readonly exponent?: number; readonly inverted?: true }
  /** A list of readings in order. */
  | { readonly is: 'points'; readonly points: readonly string[]; readonly exponent?: number }
  /** A word of the frame: `whole` numbers and texts must be equal, `measured` ones to half the last digit printed. */
  | { readonly is: 'word'; readonly word: string; readonly measured?: true; readonly exponent?: number }
  /** A word with parts (a list or an object): the vector's must be in it, in the same places; numbers as measured ones. */
  | { readonly is: 'parts'; readonly word: string }
  /** A word of every frame, as a list; of the first, when the vector gives no list. */
  | { readonly is: 'collected'; readonly word: string }
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
const measured = (name: string): Meaning => ({ is: 'word', word: name, measured: true })

const parts = (name: string): Meaning => ({ is: 'parts', word: name })

const PHASES = ['a', 'b', 'c'] as const
const KILO = -3

const phases = (key: string, name: string, unit: string, exponent = 0): [string, Meaning][] =>
  PHASES.map((phase) => [`${key}_${phase}_${unit}`, point(`${name}-${phase}`, exponent)])
const tariffs = (name: string): string[] => [name, ...[1, 2, 3, 4].map((tariff) => `${name}-tariff-${tariff}`)]
const phaseBlock = (name: string): Meaning => ({ is: 'points', points: PHASES.map((phase) => `${name}-${phase}`) })

const DLT645: Readonly<Record<string, Meaning>> = {
  address: word('address'),
  control: word('control'),
  direction: word('direction'),
  di: word('di'),
  sequence: word('sequence'),
  wildcard: word('wildcard'),
  address_is_wildcard: word('wildcard'),
  data_address: word('dataAddress'),
  abnormal: word('abnormal'),
  error_code: word('errorCode'),
  error_bits: word('errors'),
  trailing_bytes: word('trailingBytes'),
  mixed_dialect: word('mixedDialect'),
  more_follows: word('moreFollows'),
  command: word('command'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
  quality: { is: 'absence', words: { invalid_bcd: 'invalid' } },
  energy_forward_active_kwh: point('active-energy'),
  energy_reverse_active_kwh: point('active-energy-reverse'),
  energy_block_kwh: { is: 'points', points: tariffs('active-energy') },
  energy_reverse_block_kwh: { is: 'points', points: tariffs('active-energy-reverse') },
  frequency_hz: point('frequency'),
  ...Object.fromEntries([
    ...phases('voltage', 'voltage', 'v'),
    ...phases('current', 'current', 'a'),
    ...phases('active_power', 'active-power', 'kw', KILO),
    ...phases('reactive_power', 'reactive-power', 'kvar', KILO),
    ...phases('apparent_power', 'apparent-power', 'kva', KILO),
  ]),
  voltages_v: phaseBlock('voltage'),
  currents_a: phaseBlock('current'),
  active_power_total_kw: point('active-power', KILO),
  reactive_power_total_kvar: point('reactive-power', KILO),
  apparent_power_total_kva: point('apparent-power', KILO),
  power_factor_total: point('power-factor'),
  power_factor_a: point('power-factor-a'),
  power_factor_b: point('power-factor-b'),
  power_factor_c: point('power-factor-c'),
}

const TINYFRAME: Readonly<Record<string, Meaning>> = {
  type: word('type'),
  frame_id: word('frameId'),
  direction: word('direction'),
  command: word('command'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
  unknown: word('unknown'),
  ack: word('ack'),
  success: word('success'),
  value: word('value'),
  fall: point('fall'),
  presence: point('presence'),
  install_height_m: measured('installHeightM'),
  fall_threshold_m: measured('fallThresholdM'),
  target_height_m: measured('targetHeightM'),
  sensitivity: word('sensitivity'),
  hold_delay_s: word('holdDelayS'),
  trigger: word('trigger'),
}

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

const CJT188: Readonly<Record<string, Meaning>> = {
  meter_type: word('meterType'),
  address: word('address'),
  control: word('control'),
  direction: word('direction'),
  di: { is: 'identifier' },
  sequence: word('sequence'),
  status: word('status'),
  abnormal: word('abnormal'),
  command: word('command'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
  trailing_bytes: word('trailingBytes'),
  time_local: word('timeLocal'),
  volume_m3: point('volume'),
  settlement_m3: point('settlement-volume'),
  supply_c: point('supply-temperature'),
  return_c: point('return-temperature'),
  energy_kwh: measured('energyKwh'),
  hours: word('hours'),
  unit_before_value: word('unitBeforeValue'),
}

const RADAR_5359: Readonly<Record<string, Meaning>> = {
  control: word('control'),
  command: word('command'),
  data: word('data'),
  direction: word('direction'),
  name: word('name'),
  value: word('value'),
  presence: point('presence'),
  motion_raw: word('motionRaw'),
  stationary_dwell: word('stationaryDwell'),
  body_movement: point('body-movement'),
  distance_cm: point('distance', 2),
  moving_distance_cm: point('moving-distance', 2),
  fall: point('fall'),
  heart_rate_bpm: point('heart-rate'),
  breath_rate_bpm: point('respiration-rate'),
}

const LD2410: Readonly<Record<string, Meaning>> = {
  mode: word('mode'),
  state: word('state'),
  moving: word('moving'),
  still: word('still'),
  moving_cm: word('movingCm'),
  moving_energy: word('movingEnergy'),
  still_cm: word('stillCm'),
  still_energy: word('stillEnergy'),
  detect_cm: word('detectCm'),
  presence: point('presence'),
}

const IEC62056: Readonly<Record<string, Meaning>> = {
  ident: word('ident'),
  baud_code: word('baudCode'),
  datasets: parts('datasets'),
  values: parts('values'),
  count: word('count'),
  telegrams: { is: 'count' },
  command: word('command'),
  type: word('type'),
  request: word('request'),
  device_address: word('deviceAddress'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
}

const DSMR: Readonly<Record<string, Meaning>> = {
  crc: { is: 'collected', word: 'crc' },
  time: word('time'),
  gas_time: word('gasTime'),
  power_failures: word('powerFailures'),
  long_power_failures: word('longPowerFailures'),
  obis: parts('obis'),
  normalized: { is: 'inside', keys: { energy_kwh: point('active-energy'), power_w: point('active-power') } },
  mbus: parts('mbus'),
  telegrams: { is: 'count' },
}

export const KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  ...MQTT_KEYS,
  ...SERIAL_KEYS,
  'dlt645-2007': DLT645,
  'dlt645-1997': DLT645,
  cjt188: CJT188,
  'tinyframe-radar': TINYFRAME,
  'radar-5359': RADAR_5359,
  ld2410: LD2410,
  'iec62056-21': IEC62056,
  'dsmr-p1': DSMR,
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
  bcc: 'checksum',
  crc: 'checksum',
  data_crc: 'checksum',
  header_crc: 'header-checksum',
  application_layer: 'malformed',
  parse: ['malformed', 'not-this-protocol'],
}
