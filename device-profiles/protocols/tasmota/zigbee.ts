import { type Quantity, reading } from '@anju/contract'
import {
  isObject,
  type JsonObject,
  numberAt,
  numberReading,
  switchReading,
  textAt,
  valueAt,
} from '../../src/json-payload.ts'
import { type Readings, refusal } from '../../src/tell-one.ts'

const NUMBERS: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['Temperature', 'temperature', 'temperature'],
  ['Humidity', 'humidity', 'relative-humidity'],
  ['Illuminance', 'illuminance', 'illuminance'],
  ['Battery', 'battery', 'battery-level'],
  ['BatteryPercentage', 'battery', 'battery-level'],
  ['BatteryVoltage', 'battery-voltage', 'battery-voltage'],
  ['LinkQuality', 'link-quality', 'link-quality'],
  ['RMSVoltage', 'voltage', 'electric-potential'],
  ['ActivePower', 'active-power', 'active-power'],
]
const SWITCHES: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['Occupancy', 'motion', 'motion'],
  ['Water', 'water-leak', 'water-leak'],
  ['Fire', 'smoke', 'smoke'],
  ['CO', 'carbon-monoxide', 'carbon-monoxide'],
  ['Movement', 'motion', 'motion'],
  ['Power', 'switch', 'switched-on'],
]
/** Commands of an alarm button (cluster 0501): emergency and panic. Fire (03) is a key of a keypad and no smoke. */
const EMERGENCY = /^0501[!<?]0[24]$/
/** Off, on and toggle as commands of a remote: a press, and no state of anything. */
const PUSH = /^0006!0([012])$/
const PUSHES = ['off', 'on', 'toggle'] as const
/** Status change of an alarm zone, as it came; the sign says which way it went. */
const ZONE_CHANGE = /^0500[!<?]00$/

/**
 * `ZbReceived`: one Zigbee device under its short address, or under its name when SetOption83 is on. The short address
 * changes when a device joins again, so a name is what a profile should hold on to.
 */
export function readZigbee(received: JsonObject, readings: Readings): { words: Words; pressed: boolean } {
  const [key, device] = deviceIn(received)
  if (key === undefined || !isObject(device)) throw refusal('not-this-protocol', 'ZbReceived: no device')
  const named = textAt(device, 'Name') ?? (/^0x[0-9a-f]{1,16}$/i.test(key) ? undefined : key.slice(0, 64))
  for (const [field, point, quantity] of NUMBERS) readings.add(point, quantity, numberReading(device, field))
  const push = Object.keys(device).flatMap((field) => PUSHES[Number(PUSH.exec(field)?.[1] ?? Number.NaN)] ?? [])[0]
  for (const [field, point, quantity] of SWITCHES)
    if (field !== 'Power' || push === undefined) readings.add(point, quantity, switchReading(device, field))
  // 1 is open.
  const open = switchReading(device, 'Contact')
  readings.add('contact', 'contact', open?.is === 'value' ? reading(1 - open.value) : open)
  // Beside a battery level it is the battery's own voltage, else the mains'.
  const onBattery = valueAt(device, 'Battery') !== undefined
  readings.add(
    onBattery ? 'battery-voltage' : 'voltage',
    onBattery ? 'battery-voltage' : 'electric-potential',
    numberReading(device, 'Voltage'),
  )
  if ((textAt(device, 'PressureUnit') ?? 'hPa') === 'hPa')
    readings.add('pressure', 'atmospheric-pressure', numberReading(device, 'Pressure'))
  const action = textAt(device, 'Action') ?? textAt(device, 'Click') ?? push
  const pressed = Object.keys(device).some((field) => EMERGENCY.test(field))
  const words = {
    device: textAt(device, 'Device') ?? key.slice(0, 64),
    name: named ?? null,
    ...(pressed ? { action: 'emergency' } : action === undefined ? {} : { action: action.toLowerCase() }),
    ...zoneOf(device, readings),
  }
  return { words, pressed }
}
type Words = Readonly<Record<string, unknown>>

/** Under its address or name, or (SetOption119) without either. */
function deviceIn(received: JsonObject): [string | undefined, unknown] {
  const [[key, device] = []] = Object.entries(received)
  return isObject(device) || valueAt(received, 'LinkQuality') === undefined ? [key, device] : ['', received]
}

/** Status of an alarm zone, low byte first where it is raw: which alarm it is, only the device knows. */
function zoneOf(device: JsonObject, readings: Readings): Words {
  const field = Object.keys(device).find((name) => ZONE_CHANGE.test(name))
  const raw = field === undefined ? undefined : textAt(device, field)
  if (raw !== undefined && !/^[0-9a-f]{4,32}$/i.test(raw)) throw refusal('incomplete', '0500!00: no zone status')
  const status =
    raw === undefined
      ? (numberAt(device, 'ZoneStatusChange') ?? numberAt(device, 'ZoneStatus'))
      : Number.parseInt(raw.slice(2, 4) + raw.slice(0, 2), 16)
  if (status === undefined || !Number.isInteger(status)) return {}
  readings.add('tamper', 'tamper', reading((status & 0x04) !== 0))
  return { zoneStatus: status, alarm: (status & 0x03) !== 0, batteryLow: (status & 0x08) !== 0 }
}
