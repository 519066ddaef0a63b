import { crc16Modbus, crc16X25 } from '@anju/device-profiles/crc'
import { equipmentProfiles } from '@anju/device-profiles/protocols/esp3/equipment-profiles'
import type { Meaning } from './vector-keys.ts'

const point = (name: string, exponent = 0): Meaning => ({ is: 'point', point: name, exponent })
const word = (name: string): Meaning => ({ is: 'word', word: name })
const measured = (name: string): Meaning => ({ is: 'word', word: name, measured: true })
const parts = (name: string): Meaning => ({ is: 'parts', word: name })

/** The vectors' names of register maps. */
const REGISTER_MAPS: Readonly<Record<string, string>> = {
  'eastron-sdm120': 'eastron/sdm120',
  'eastron-sdm220': 'eastron/sdm230',
  'eastron-sdm230': 'eastron/sdm230',
  'eastron-sdm630': 'eastron/sdm630',
  'chint-ddsu666': 'chint/ddsu666',
  'chint-dtsu666': 'chint/dtsu666',
  'pzem-004t-v3': 'peacefair/pzem-004t-v3',
}

/** What a vector knows of the device beside its bytes, as `decode --device` takes it. */
export function deviceOf({ as, eep, teach_in: teachIn }: Readonly<Record<string, unknown>>): string | undefined {
  // A teach-in says its profile itself. One that we do not know stays unsaid: its vector then asks for words nobody tells.
  if (typeof eep === 'string') return teachIn === true || !equipmentProfiles.includes(eep) ? undefined : eep
  if (typeof as !== 'object' || as === null || !('profile' in as)) return undefined
  const name = String(as.profile)
  const map = Object.hasOwn(REGISTER_MAPS, name) ? REGISTER_MAPS[name] : undefined
  return map && 'register' in as ? `${map}@${String(as.register)}` : map
}

const phases = (key: string, name: string, unit: string): [string, Meaning][] =>
  [1, 2, 3].flatMap((phase, i) => {
    const suffix = ['a', 'b', 'c'][i] ?? ''
    return [
      [`${key}_l${phase}_${unit}`, point(`${name}-${suffix}`)],
      [`${key}_${suffix}_${unit}`, point(`${name}-${suffix}`)],
    ]
  })
const MODBUS: Readonly<Record<string, Meaning>> = {
  unit: word('unit'),
  function: word('function'),
  direction: word('direction'),
  registers: parts('registers'),
  float32_be: measured('float32Be'),
  float32_be_approx: measured('float32Be'),
  float32_low_word_first: measured('float32LowWordFirst'),
  int32_be: word('int32Be'),
  uint32_be: word('uint32Be'),
  int32_low_word_first: word('int32LowWordFirst'),
  uint32_low_word_first: word('uint32LowWordFirst'),
  int16: word('int16'),
  uint16: word('uint16'),
  coils: parts('coils'),
  bits: parts('bits'),
  data: word('data'),
  data_hex: word('data'),
  register: word('register'),
  address: word('address'),
  start_address: word('address'),
  count: word('count'),
  quantity: word('count'),
  value: word('value'),
  // The one vector with this key is a SenseCAP sensor's, whose int32 counts thousandths.
  scaled: { is: 'word', word: 'int32Be', measured: true, exponent: -3 },
  frame_offset: word('frameOffset'),
  frame_length: word('frameLength'),
  exception: word('exception'),
  exception_name: word('exceptionName'),
  command: word('command'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
  crc16: { is: 'crc16', of: crc16Modbus },
  as: {
    is: 'inside',
    keys: {
      profile: { is: 'named', word: 'map', names: REGISTER_MAPS },
      register: word('register'),
      alarm: word('alarm'),
      voltage_v: point('voltage'),
      current_a: point('current'),
      power_w: point('active-power'),
      power_kw: point('active-power', -3),
      apparent_power_va: point('apparent-power'),
      reactive_power_var: point('reactive-power'),
      power_factor: point('power-factor'),
      frequency_hz: point('frequency'),
      energy_wh: point('active-energy', 3),
      energy_kwh: point('active-energy'),
      import_kwh: point('active-energy'),
      energy_import_kwh: point('active-energy'),
      export_kwh: point('active-energy-reverse'),
      energy_export_kwh: point('active-energy-reverse'),
      ...Object.fromEntries([
        ...phases('voltage', 'voltage', 'v'),
        ...phases('current', 'current', 'a'),
        ...phases('power', 'active-power', 'w'),
      ]),
    },
  },
}

const MBUS: Readonly<Record<string, Meaning>> = {
  // Some print the serial number with its leading zeros, some without.
  id: { is: 'any-of', words: ['id', 'idPrinted'] },
  manufacturer: word('manufacturer'),
  medium: word('medium'),
  access_no: word('accessNo'),
  status: word('status'),
  version: word('version'),
  signature: word('signature'),
  records: { is: 'records', word: 'records' },
  application_error: word('applicationError'),
  command: word('command'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
  total_m3: point('volume'),
  target_m3: measured('targetVolumeM3'),
  target_date: word('targetDate'),
  meter_datetime: word('timeLocal'),
  volume_flow_m3h: measured('volumeFlowM3h'),
  operating_time_h: measured('operatingTimeH'),
  on_time_h: measured('onTimeH'),
  total_kwh: measured('totalEnergyKwh'),
  total_energy_kwh: measured('totalEnergyKwh'),
  total_energy_consumption_kwh: measured('totalEnergyKwh'),
  target_kwh: measured('targetEnergyKwh'),
  power_kw: measured('powerKw'),
  flow_temperature_c: point('supply-temperature'),
  return_temperature_c: point('return-temperature'),
  external_temperature_c: point('external-temperature'),
  acknowledge: word('acknowledge'),
  direction: word('direction'),
  address: word('address'),
  control: word('control'),
  encrypted: word('encrypted'),
}

const ESP3: Readonly<Record<string, Meaning>> = {
  packet_type: word('packetType'),
  data_length: word('dataLength'),
  optional_length: word('optionalLength'),
  trailing_bytes: word('trailingBytes'),
  rorg: word('rorg'),
  sender: word('sender'),
  eep: word('eep'),
  teach_in: word('teachIn'),
  dbm: word('dbm'),
  pressed: word('pressed'),
  button: word('button'),
  output_pct: word('outputPct'),
  contact_open: { is: 'point', point: 'contact', inverted: true },
  temperature_c: point('temperature'),
  humidity_pct: point('humidity'),
  motion: point('motion'),
  occupancy: point('motion'),
  water_leak: point('water-leak'),
  smoke: point('smoke'),
}

const RFXCOM: Readonly<Record<string, Meaning>> = {
  packet_type: word('packetType'),
  subtype: word('subtype'),
  kind: word('kind'),
  id: word('id'),
  seq: word('seq'),
  status: word('status'),
  battery: word('battery'),
  rssi: word('rssi'),
  count: word('count'),
  code: word('code'),
  pulse_us: word('pulseUs'),
  tamper: point('tamper'),
  motion: point('motion'),
  smoke: point('smoke'),
  power_w: point('active-power'),
  energy_wh: point('active-energy', 3),
  energy_kwh: point('active-energy'),
  temperature_c: point('temperature'),
  humidity_pct: point('humidity'),
}

const SML: Readonly<Record<string, Meaning>> = {
  values: parts('values'),
  count: word('count'),
  server_id: word('serverId'),
  crc16: { is: 'crc16', of: crc16X25 },
  telegrams: { is: 'count' },
}

/** The keys of a transmit command (`b0_…`) stay unjudged: what repeats a received code is not built here. */
const RF433: Readonly<Record<string, Meaning>> = {
  kind: word('kind'),
  buckets_us: parts('bucketsUs'),
  symbols: word('symbols'),
  code: word('code'),
  sync_us: word('syncUs'),
  low_us: word('lowUs'),
  high_us: word('highUs'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
}

export const SERIAL_KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  'modbus-rtu': MODBUS,
  mbus: MBUS,
  esp3: ESP3,
  'rf433-portisch': RF433,
  rfxcom: RFXCOM,
  sml: SML,
}
