import { absent, formatInstant, parseInstant, type Quantity, type Reading, reading } from '@anju/contract'
import { decodeWith } from '../../src/decode-with.ts'
import {
  isObject,
  type JsonObject,
  numberAt,
  numberReading,
  objectAt,
  objectOf,
  textAt,
  textOf,
  valueAt,
} from '../../src/json-payload.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'
import type { Told } from '../../src/telling.ts'
import { readZigbee } from './zigbee.ts'

const PREFIXES: ReadonlySet<string> = new Set(['tele', 'stat', 'cmnd'])

/** `tele/<topic>/SENSOR` by default, but FullTopic may put the prefix anywhere: only the last part is sure. */
export const tasmota = tellOne('tasmota', ({ topic, bytes }) => {
  const parts = topic.split('/')
  const last = parts.at(-1) ?? ''
  const prefix = parts.find((part) => PREFIXES.has(part)) ?? null
  const device = parts.filter((part, i) => !PREFIXES.has(part) && i < parts.length - 1).join('/')
  const head = { prefix, topicDevice: device }
  if (prefix === 'cmnd') return told({ ...head, command: last, direction: 'command' })
  const text = textOf(bytes).trim()
  if (text.startsWith('{')) return tellObject(head, objectOf(bytes))
  if (last === 'LWT') return tellAvailability(head, text)
  if (/^POWER\d{0,2}$/.test(last)) {
    const readings = new Readings()
    readings.add('switch', 'switched-on', onOff(text))
    return told(head, readings.list)
  }
  throw refusal('not-this-protocol', 'no JSON, no LWT and no POWER')
})

function tellAvailability(head: Told['frame'], text: string): Told {
  if (text !== 'Online' && text !== 'Offline') throw refusal('not-this-protocol', 'LWT: neither Online nor Offline')
  return told({ ...head, availability: text.toLowerCase() })
}

function tellObject(head: Told['frame'], message: JsonObject): Told {
  // The answer to a question holds the same objects one level deeper.
  const payload = objectAt(message, 'StatusSNS') ?? objectAt(message, 'StatusSTS') ?? message
  const readings = new Readings()
  const received = objectAt(payload, 'ZbReceived') ?? unprefixed(payload)
  const zigbee = received ? readZigbee(received, readings) : undefined
  const frame = {
    ...head,
    ...timesOf(textAt(payload, 'Time')),
    ...switchesOf(payload, readings),
    ...radioOf(payload),
    ...ticOf(payload),
    ...wifiOf(payload),
    ...zigbee?.words,
  }
  if (!received) {
    readEnergy(payload, readings)
    readSensors(payload, readings)
  }
  return told(frame, readings.list, [
    ...(zigbee?.pressed ? (['sos-pressed'] as const) : []),
    ...raisedBy(readings.list),
  ])
}

/** With SetOption100 the Zigbee device stands at the top: under its address, with the quality of its link. */
function unprefixed(payload: JsonObject): JsonObject | undefined {
  const [[key, device] = []] = Object.entries(payload)
  const isDevice = isObject(device) && valueAt(device, 'LinkQuality') !== undefined
  return isDevice || (key !== 'Time' && valueAt(payload, 'LinkQuality') !== undefined) ? payload : undefined
}

/** Local time without a zone is never taken for an instant; with one it is. */
function timesOf(given: string | undefined): Readonly<Record<string, unknown>> {
  const at = given === undefined ? undefined : decodeWith(parseInstant, given)
  return { timeLocal: given ?? null, ...(at?.ok ? { time: formatInstant(at.value) } : {}) }
}

/** `RSSI` is a quality in percent; the level is `Signal`. */
function wifiOf(payload: JsonObject): Readonly<Record<string, unknown>> {
  const wifi = objectAt(payload, 'Wifi')
  return wifi ? { rssiDbm: numberAt(wifi, 'Signal') ?? null } : {}
}

const onOff = (given: unknown): Reading =>
  given === 'ON' ? reading(1) : given === 'OFF' ? reading(0) : absent('invalid')

function switchesOf(payload: JsonObject, readings: Readings): Readonly<Record<string, unknown>> {
  const words: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(payload)) {
    // Detached from its relay a switch says `{"Action":"ON"}`.
    const said = isObject(value) ? textAt(value, 'Action') : value
    const input = /^Switch(\d{1,2})$/.exec(key)
    if (input) words[`switch${input[1]}`] = said === 'ON' ? true : said === 'OFF' ? false : null
    const button = /^Button(\d{1,2})$/.exec(key)
    if (button) {
      words.button = Number(button[1])
      words.action = typeof said === 'string' && PUSHES.has(said) ? said.toLowerCase() : null
    }
    if (/^POWER\d{0,2}$/.test(key)) readings.add('switch', 'switched-on', onOff(value))
  }
  return words
}
/** CLEAR is the release after HOLD, and no push. */
const PUSHES: ReadonlySet<string> = new Set(['SINGLE', 'DOUBLE', 'TRIPLE', 'QUAD', 'PENTA', 'HOLD'])

/** 433 MHz, learnt or received. Fixed codes: whoever heard one can send it again. */
function radioOf(payload: JsonObject): Readonly<Record<string, unknown>> {
  const raw = objectAt(payload, 'RfRaw')
  if (raw) return { rfRaw: textAt(raw, 'Data') ?? null, action: null }
  const received = objectAt(payload, 'RfReceived')
  if (!received) return {}
  const data = textAt(received, 'Data')
  const code = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(data ?? '')?.[1]?.toUpperCase()
  if (code === undefined) throw refusal('incomplete', 'RfReceived.Data: not hex')
  // EV1527: 20 bits of identity and 4 of the key, where the code has 24.
  if (code.length !== 6) return { rfCode: code }
  return { rfCode: code, rfId20: code.slice(0, 5), rfKey: Number.parseInt(code.slice(5), 16) }
}

/** Index registers of French meters by the names of their tariffs. */
const TIC_INDEX = /^(?:BASE|HCHC|HCHP|EJPHN|EJPHPM|BBRH[CP]J[BWR]|EAST|EASF\d\d)$/

function ticOf(payload: JsonObject): Readonly<Record<string, unknown>> {
  const tic = objectAt(payload, 'TIC')
  if (!tic) return {}
  const index = Object.entries(tic).filter(([key, value]) => TIC_INDEX.test(key) && typeof value === 'number')
  return { ticMeterId: textAt(tic, 'ADCO') ?? textAt(tic, 'ADSC') ?? null, ticIndexWh: Object.fromEntries(index) }
}

const ENERGY: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['Total', 'active-energy', 'active-energy-import'],
  ['ExportTotal', 'active-energy-reverse', 'active-energy-export'],
  ['Power', 'active-power', 'active-power'],
  ['ApparentPower', 'apparent-power', 'apparent-power'],
  ['ReactivePower', 'reactive-power', 'reactive-power'],
  ['Voltage', 'voltage', 'electric-potential'],
  ['Current', 'current', 'electric-current'],
  ['Factor', 'power-factor', 'power-factor'],
  ['Frequency', 'frequency', 'frequency'],
]
const phasesMax = 4

/** Meters of several phases send a list for what each phase has. */
function readEnergy(payload: JsonObject, readings: Readings): void {
  const energy = objectAt(payload, 'ENERGY')
  if (!energy) return
  for (const [key, point, quantity] of ENERGY) {
    const given = valueAt(energy, key)
    if (!Array.isArray(given)) readings.add(point, quantity, numberReading(energy, key))
    else for (const phase of given.slice(0, phasesMax)) readings.add(point, quantity, numberReading({ phase }, 'phase'))
  }
}

const SENSORS: readonly (readonly [key: string, point: string, quantity: Quantity, perUnit?: number])[] = [
  ['Humidity', 'humidity', 'relative-humidity'],
  ['Illuminance', 'illuminance', 'illuminance'],
  ['CarbonDioxide', 'carbon-dioxide', 'carbon-dioxide'],
  ['Battery', 'battery', 'battery-level'],
]
const sensorsMax = 16
/** What one of the unit is in hPa. */
const HPA_PER: Readonly<Record<string, number>> = { hPa: 1, mmHg: 1.33322, inHg: 33.8639 }
const cmPerMetre = 100

/** Sensors are objects under the name of their chip. The processor's own temperature says nothing of the room. */
function readSensors(payload: JsonObject, readings: Readings): void {
  const fahrenheit = textAt(payload, 'TempUnit') === 'F'
  const chips = Object.entries(payload).filter(([name]) => !/^(?:ESP32.*|ENERGY|ZbReceived|TIC|Rf.*|Wifi)$/.test(name))
  for (const [, chip] of chips.slice(0, sensorsMax)) {
    if (!isObject(chip)) continue
    const given = numberReading(chip, 'Temperature')
    const warmth = fahrenheit && given?.is === 'value' ? reading((given.value - 32) / 1.8) : given
    readings.add('temperature', 'temperature', warmth)
    for (const [key, point, quantity] of SENSORS) readings.add(point, quantity, numberReading(chip, key))
    // Radars send a list there: how far what moves is, and what is still.
    if (typeof valueAt(chip, 'Distance') === 'number')
      readings.add('distance', 'distance', numberReading(chip, 'Distance', cmPerMetre))
    const unit = textAt(payload, 'PressureUnit') ?? 'hPa'
    if (Object.hasOwn(HPA_PER, unit))
      readings.add('pressure', 'atmospheric-pressure', numberReading(chip, 'Pressure', 1 / (HPA_PER[unit] ?? 1)))
  }
}
