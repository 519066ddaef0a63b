import { crc16Modbus, crc16X25 } from '@anju/device-profiles/crc'
import { equipmentProfiles } from '@anju/device-profiles/protocols/esp3/equipment-profiles'
import { type Meaning, measured, parts, point, word } from './meaning.ts'

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

const SML: Readonly<Record<string, Meaning>> = {
  values: parts('values'),
  count: word('count'),
  server_id: word('serverId'),
  crc16: { is: 'crc16', of: crc16X25 },
  telegrams: { is: 'count' },
}

export const SERIAL_KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  'modbus-rtu': MODBUS,
  mbus: MBUS,
  sml: SML,
}
