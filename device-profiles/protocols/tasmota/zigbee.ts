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
]
const SWITCHES: readonly (readonly [key: string, point: string, quantity: Quantity])[] = [
  ['Occupancy', 'motion', 'motion'],
  ['Water', 'water-leak', 'water-leak'],
  ['Fire', 'smoke', 'smoke'],
  ['CO', 'carbon-monoxide', 'carbon-monoxide'],
  ['Power', 'switch', 'switched-on'],
]

/**
 * `ZbReceived`: one Zigbee device under its short address, or under its name when SetOption83 is on. The short address
 * changes when a device joins again, so a name is what a profile should hold on to.
 */
export function readZigbee(received: JsonObject, readings: Readings): Readonly<Record<string, unknown>> {
  const [key, device] = Object.entries(received)[0] ?? []
  if (key === undefined || !isObject(device)) throw refusal('not-this-protocol', 'ZbReceived: no device')
  const named = textAt(device, 'Name') ?? (/^0x[0-9a-f]{1,16}$/i.test(key) ? undefined : key.slice(0, 64))
  for (const [field, point, quantity] of NUMBERS) readings.add(point, quantity, numberReading(device, field))
  for (const [field, point, quantity] of SWITCHES) readings.add(point, quantity, switchReading(device, field))
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
  return {
    device: textAt(device, 'Device') ?? key.slice(0, 64),
    name: named ?? null,
    ...zoneOf(device, readings),
  }
}

/**
 * Status of an alarm zone, raw (low byte first; the sign between cluster and command is `!`, `<` or `?` by version) or as the
 * number that later versions make of it. Which alarm it is, only the device knows.
 */
function zoneOf(device: JsonObject, readings: Readings): Readonly<Record<string, unknown>> {
  const status = zoneStatusOf(device)
  if (status === undefined) return {}
  readings.add('tamper', 'tamper', reading((status & 0x04) !== 0))
  return { zoneStatus: status, alarm: (status & 0x03) !== 0, batteryLow: (status & 0x08) !== 0 }
}

function zoneStatusOf(device: JsonObject): number | undefined {
  const raw = textAt(device, '0500!00') ?? textAt(device, '0500<00') ?? textAt(device, '0500?00')
  if (raw === undefined) return numberAt(device, 'ZoneStatusChange') ?? numberAt(device, 'ZoneStatus')
  if (!/^[0-9a-f]{4,32}$/i.test(raw)) throw refusal('incomplete', '0500!00: no zone status')
  return Number.parseInt(raw.slice(2, 4) + raw.slice(0, 2), 16)
}
