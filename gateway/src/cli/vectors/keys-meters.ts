import { crc16Arc } from '@anju/device-profiles/crc'
import { type Meaning, measured, parts, point, word } from './meaning.ts'

const ABSENCE: Meaning = {
  is: 'absence',
  words: { invalid_bcd: 'invalid', invalid_unit: 'invalid', not_supported: 'not-supported' },
}

const PHASES = ['a', 'b', 'c'] as const
const KILO = -3

const phases = (key: string, name: string, unit: string, exponent = 0): [string, Meaning][] =>
  PHASES.map((phase) => [`${key}_${phase}_${unit}`, point(`${name}-${phase}`, exponent)])
const tariffs = (name: string): string[] => [name, ...[1, 2, 3, 4].map((tariff) => `${name}-tariff-${tariff}`)]
const tariffless = (name: string): string[] => [name, ...PHASES.map((phase) => `${name}-${phase}`)]
const phaseBlock = (name: string): Meaning => ({ is: 'points', points: PHASES.map((phase) => `${name}-${phase}`) })

/** Energies by tariff, settlement day and direction, in the ways people name them. */
const energies = (key: string, name: string): [string, Meaning][] => [
  [`${key}_kwh`, point(name)],
  ...[1, 2, 3, 4].flatMap((tariff): [string, Meaning][] => {
    const meaning = point(`${name}-tariff-${tariff}`)
    return ['t', 'tariff', 'tariff_'].map((word) => [`${key}_${word}${tariff}_kwh`, meaning])
  }),
  [`${key}_settlement_1_kwh`, point(`${name}-settlement-1`)],
  [`${key}_last_month_kwh`, point(`${name}-settlement-1`)],
]

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
  quality: ABSENCE,
  broadcast: word('broadcast'),
  repeat: word('repeat'),
  data: word('data'),
  date: word('date'),
  time: word('time'),
  time_local: word('timeLocal'),
  text: word('text'),
  status_word: word('status'),
  status_words: word('statusWords'),
  meter_number: { is: 'inside-of', word: 'values', key: 'meter-number' },
  meter_address: { is: 'inside-of', word: 'values', key: 'meter-address' },
  max_demand_kw: point('active-demand'),
  max_demand_time: { is: 'inside-of', word: 'times', key: 'active-demand' },
  max_demand_forward_active_kw: point('active-demand'),
  max_demand_reverse_active_kw: point('active-demand-reverse'),
  demand_kw: point('active-demand'),
  active_demand_kw: point('active-demand'),
  reactive_demand_kvar: point('reactive-demand'),
  apparent_demand_kva: point('apparent-demand'),
  current_n_a: point('current-n'),
  meter_temperature_c: point('meter-temperature'),
  clock_battery_v: point('clock-battery'),
  active_powers_kw: { is: 'points', points: tariffless('active-power'), exponent: KILO },
  reactive_powers_kvar: { is: 'points', points: tariffless('reactive-power'), exponent: KILO },
  apparent_powers_kva: { is: 'points', points: tariffless('apparent-power'), exponent: KILO },
  power_factors: { is: 'points', points: tariffless('power-factor') },
  ...Object.fromEntries([
    ...energies('energy_forward_active', 'active-energy'),
    ...energies('energy_reverse_active', 'active-energy-reverse'),
    ...energies('energy_combined_active', 'active-energy-combined'),
    ...phases('phase_angle', 'phase-angle', 'deg'),
  ]),
  energy_block_kwh: { is: 'points', points: tariffs('active-energy') },
  energy_combined_block_kwh: { is: 'points', points: tariffs('active-energy-combined') },
  reactive_energy_1_kvarh: point('reactive-energy-1'),
  reactive_energy_2_kvarh: point('reactive-energy-2'),
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

const CJT188: Readonly<Record<string, Meaning>> = {
  quality: ABSENCE,
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
  energy_mwh: { is: 'word', word: 'energyKwh', measured: true, exponent: -3 },
  energy_gj: measured('energyGj'),
  settlement_energy_kwh: measured('settlementKwh'),
  power_kw: measured('powerKw'),
  flow_m3h: measured('flowM3h'),
  wildcard: word('wildcard'),
  data: word('data'),
  hours: word('hours'),
  unit_before_value: word('unitBeforeValue'),
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
  acknowledge: word('acknowledge'),
  protocol_code: word('protocolCode'),
  mode_code: word('modeCode'),
  mode: word('mode'),
  checked: word('checked'),
  direction: word('direction'),
  data: word('data'),
  address: word('address'),
  value: word('value'),
  must_never_be_sent_by_gateway: word('neverSentByGateway'),
}

const DSMR: Readonly<Record<string, Meaning>> = {
  crc: { is: 'collected', word: 'crc' },
  crc16: { is: 'crc16', of: crc16Arc },
  time: word('time'),
  gas_time: word('gasTime'),
  power_failures: word('powerFailures'),
  long_power_failures: word('longPowerFailures'),
  ident: word('ident'),
  version: parts('version'),
  equipment_id: word('equipment'),
  tariff: parts('tariff'),
  tariff_indicator: parts('tariff'),
  text_message: word('message'),
  message: word('message'),
  power_failure_log: parts('powerFailureLog'),
  count: word('count'),
  obis: parts('obis'),
  normalized: { is: 'inside', keys: { energy_kwh: point('active-energy'), power_w: point('active-power') } },
  mbus: parts('mbus'),
  telegrams: { is: 'count' },
}

export const METER_KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  'dlt645-2007': DLT645,
  'dlt645-1997': DLT645,
  cjt188: CJT188,
  'iec62056-21': IEC62056,
  'dsmr-p1': DSMR,
}
