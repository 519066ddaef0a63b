import { type Quantity, type Reading, reading } from '@anju/contract'
import {
  isObject,
  type JsonObject,
  numberAt,
  numberReading,
  objectAt,
  switchReading,
  textAt,
  valueAt,
} from '../../src/json-payload.ts'
import type { Readings } from '../../src/tell-one.ts'

/** Words of a status that are no measurement of ours. */
export type Words = Record<string, unknown>

type Row = readonly [key: string, point: string, quantity: Quantity, perUnit?: number]
const WH_PER_KWH = 1_000
const METERED: readonly Row[] = [
  ['apower', 'active-power', 'active-power'],
  ['act_power', 'active-power', 'active-power'],
  ['aprt_power', 'apparent-power', 'apparent-power'],
  ['voltage', 'voltage', 'electric-potential'],
  ['current', 'current', 'electric-current'],
  ['pf', 'power-factor', 'power-factor'],
  ['freq', 'frequency', 'frequency'],
]
const THREE_PHASES: readonly Row[] = ['a', 'b', 'c'].flatMap((phase): Row[] => [
  [`${phase}_voltage`, `voltage-${phase}`, 'electric-potential'],
  [`${phase}_current`, `current-${phase}`, 'electric-current'],
  [`${phase}_act_power`, `active-power-${phase}`, 'active-power'],
  [`${phase}_aprt_power`, `apparent-power-${phase}`, 'apparent-power'],
  [`${phase}_pf`, `power-factor-${phase}`, 'power-factor'],
  [`${phase}_freq`, `frequency-${phase}`, 'frequency'],
])
/** The component type decides; its number tells several of them apart. Energy comes in Wh. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  switch: METERED,
  light: METERED,
  rgb: METERED,
  rgbw: METERED,
  cct: METERED,
  cover: METERED,
  pm1: METERED,
  em1: METERED,
  em: [
    ...THREE_PHASES,
    ['total_act_power', 'active-power', 'active-power'],
    ['total_aprt_power', 'apparent-power', 'apparent-power'],
    ['total_current', 'current', 'electric-current'],
  ],
  emdata: [
    ['total_act', 'active-energy', 'active-energy-import', WH_PER_KWH],
    ['total_act_ret', 'active-energy-reverse', 'active-energy-export', WH_PER_KWH],
  ],
  em1data: [
    ['total_act_energy', 'active-energy', 'active-energy-import', WH_PER_KWH],
    ['total_act_ret_energy', 'active-energy-reverse', 'active-energy-export', WH_PER_KWH],
  ],
  temperature: [['tC', 'temperature', 'temperature']],
  humidity: [['rh', 'humidity', 'relative-humidity']],
  illuminance: [['lux', 'illuminance', 'illuminance']],
  voltmeter: [['voltage', 'voltage', 'electric-potential']],
  bthomedevice: [['battery', 'battery', 'battery-level']],
  blutrv: [
    ['current_C', 'temperature', 'temperature'],
    ['battery', 'battery', 'battery-level'],
  ],
}
/** What can be switched. */
const OUTPUTS: ReadonlySet<string> = new Set(['switch', 'light', 'rgb', 'rgbw', 'cct'])
/** Meters whose `temperature:0` is that of their own chip. */
const WARM_METERS = /^shelly(?:pro3em|3em|proem)/
const ALARMS: Readonly<Record<string, readonly [point: string, quantity: Quantity]>> = {
  smoke: ['smoke', 'smoke'],
  flood: ['water-leak', 'water-leak'],
}

/**
 * One component's status, whole or only what changed: `switch:0`, `smoke:0`, `sys` …; a part it does not name is not spoken of.
 * Numbers from 100 are add-ons and from 200 what is added while it runs: the first of them is the first of its kind.
 */
export function readComponent(device: string, key: string, status: JsonObject, readings: Readings, words: Words): void {
  const [, type = '', number = '0'] = /^([a-z0-9_]{1,32})(?::(\d{1,3}))?$/.exec(key) ?? []
  const nth = Number(number) % 100
  const add = (point: string, quantity: Quantity, given: Reading | undefined) =>
    readings.add(nth === 0 ? point : `${point}-${nth}`, quantity, given)

  if (type === 'temperature' && Number(number) === 0 && WARM_METERS.test(device)) {
    words.chipTemperatureC ??= numberAt(status, 'tC')
    return
  }
  for (const [field, point, quantity, perUnit] of Object.hasOwn(ROWS, type) ? (ROWS[type] ?? []) : [])
    add(point, quantity, numberReading(status, field, perUnit))
  for (const [field, point, quantity] of [
    ['aenergy', 'active-energy', 'active-energy-import'],
    ['ret_aenergy', 'active-energy-reverse', 'active-energy-export'],
  ] as const) {
    const energy = objectAt(status, field)
    if (energy) add(point, quantity, numberReading(energy, 'total', WH_PER_KWH))
  }
  const alarm = Object.hasOwn(ALARMS, type) ? ALARMS[type] : undefined
  if (alarm) add(...alarm, switchReading(status, 'alarm'))
  if (OUTPUTS.has(type)) add('switch', 'switched-on', switchReading(status, 'output'))
  if (OUTPUTS.has(type) || type === 'cover') {
    words.source ??= textAt(status, 'source')
    // The chip's own temperature says nothing of the room.
    const chip = objectAt(status, 'temperature')
    if (chip) words.chipTemperatureC ??= numberAt(chip, 'tC')
  }
  if (type === 'presencezone') {
    add('presence', 'presence', switchReading(status, 'value'))
    words.objects ??= numberAt(status, 'num_objects')
  }
  readWords(type, Number(number), status, words)
  if (type === 'devicepower') {
    const battery = objectAt(status, 'battery')
    if (battery) {
      add('battery', 'battery-level', numberReading(battery, 'percent'))
      add('battery-voltage', 'battery-voltage', numberReading(battery, 'V'))
    }
    const mains = objectAt(status, 'external')
    if (mains) words.mainsPresent = valueAt(mains, 'present') === true
  }
  const errors = valueAt(status, 'errors')
  if (Array.isArray(errors) && errors.length > 0) words.errors = errors.slice(0, 8).map(String)
}

/** What has no quantity of ours. */
function readWords(type: string, number: number, status: JsonObject, words: Words): void {
  if (type === 'input') words[`input${number}`] = valueAt(status, 'state') ?? null
  if (type === 'cover') {
    words.coverState ??= textAt(status, 'state')
    words.positionPct ??= numberAt(status, 'current_pos')
  }
  if (type === 'illuminance') words.illumination ??= textAt(status, 'illumination')
  if (type === 'bthomedevice') words.packetId ??= numberAt(status, 'packet_id')
  // Which object of BTHome it is only its configuration knows.
  if (type === 'bthomesensor') words.sensorValue ??= valueAt(status, 'value') ?? null
  if (type === 'thermostat' || type === 'blutrv') words.targetC ??= numberAt(status, 'target_C')
  if (type === 'sys') {
    words.wakeupPeriodS = numberAt(status, 'wakeup_period')
    const reason = objectAt(status, 'wakeup_reason')
    if (reason) words.wakeupCause = textAt(reason, 'cause')
  }
  if (type === 'wifi') words.rssiDbm = numberAt(status, 'rssi')
}

/** Which component answers, by a field that only it has: the answer to a question about one does not name it. */
const ANSWERS: readonly (readonly [field: string, type: string])[] = [
  ['a_act_power', 'em'],
  ['act_power', 'em1'],
  ['output', 'switch'],
  ['apower', 'pm1'],
  ['tC', 'temperature'],
  ['rh', 'humidity'],
  ['lux', 'illuminance'],
  ['battery', 'devicepower'],
]

/** The answer to `Shelly.GetStatus`, or to the same question about one component. */
export function readAnswer(device: string, result: JsonObject, readings: Readings, words: Words): void {
  const [, type] = ANSWERS.find(([field]) => valueAt(result, field) !== undefined) ?? []
  if (type === undefined) readComponents(device, result, readings, words)
  else readComponent(device, `${type}:${numberAt(result, 'id') ?? 0}`, result, readings, words)
}

const componentsMax = 64

/** All components of a status message. */
export function readComponents(device: string, params: JsonObject, readings: Readings, words: Words): void {
  for (const [key, status] of Object.entries(params).slice(0, componentsMax))
    if (isObject(status)) readComponent(device, key, status, readings, words)
}

/**
 * What a script on a gateway hands on from a BLU device (event `shelly-blu`): BTHome objects under plain names. Every gateway
 * in reach hands on the same packet: the same address and packet id are the same press.
 */
export function readBlu(data: JsonObject, readings: Readings, words: Words): void {
  words.device = textAt(data, 'address')
  words.packetId = numberAt(data, 'pid')
  words.rssiDbm = numberAt(data, 'rssi')
  words.encrypted = valueAt(data, 'encryption') === true
  words.action = buttonOf(first(data, 'button', (code) => code !== 0))
  for (const [key, point, quantity] of BLU_NUMBERS)
    readings.add(point, quantity, numberReading({ value: first(data, key) }, 'value'))
  readings.add('motion', 'motion', switchReading(data, 'motion'))
  // 1 is open.
  const open = switchReading(data, 'window')
  readings.add('contact', 'contact', open?.is === 'value' ? reading(1 - open.value) : open)
}
const BLU_NUMBERS: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['battery', 'battery', 'battery-level'],
  ['illuminance', 'illuminance', 'illuminance'],
  ['temperature', 'temperature', 'temperature'],
  ['humidity', 'humidity', 'relative-humidity'],
]
const BLU_BUTTONS: Readonly<Record<number, string>> = {
  1: 'single',
  2: 'double',
  3: 'triple',
  4: 'long',
  5: 'long_double',
  6: 'long_triple',
  128: 'hold',
  254: 'hold',
}
const buttonOf = (code: unknown): string | null =>
  typeof code === 'number' && Object.hasOwn(BLU_BUTTONS, code) ? (BLU_BUTTONS[code] ?? null) : null

/** An object that stands in the packet several times comes as a list. */
function first(data: JsonObject, key: string, fits: (value: unknown) => boolean = () => true): unknown {
  const given = valueAt(data, key)
  return Array.isArray(given) ? (given as unknown[]).find(fits) : given
}
