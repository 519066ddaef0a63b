import { absent, type EventType, type Quantity, type Reading, reading } from '@anju/contract'
import { numberReading, objectOf, textAt, valueAt } from '../../src/json-payload.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'

type Register = readonly [keys: readonly string[], point: string, quantity: Quantity, kilo?: 'kilo']
/** Registers by the names that its drivers give them, the first that is there; a unit stands at the end of each name. */
const REGISTERS: readonly Register[] = [
  [['total_energy_production_kwh'], 'energy-reverse', 'active-energy-export'],
  [['current_power_consumption_kw', 'power_kw'], 'active-power', 'active-power', 'kilo'],
  [
    ['flow_temperature_c', 'supply_temperature_c', 't1_temperature_c', 'forward_c', 'flow_c'],
    'supply-temperature',
    'temperature',
  ],
  [['return_temperature_c', 't2_temperature_c', 'return_c'], 'return-temperature', 'temperature'],
  [['external_temperature_c'], 'external-temperature', 'temperature'],
  [['current_temperature_c', 'temperature_c', 'temp_room_c'], 'temperature', 'temperature'],
  [['current_relative_humidity_rh', 'relative_humidity_rh'], 'humidity', 'relative-humidity'],
  [['frequency_hz'], 'frequency', 'frequency'],
  ...['1', '2', '3'].flatMap((phase, i): Register[] => [
    [[`voltage_at_phase_${phase}_v`], `voltage-${'abc'[i]}`, 'electric-potential'],
    [[`current_at_phase_${phase}_a`], `current-${'abc'[i]}`, 'electric-current'],
    [[`current_power_consumption_phase${phase}_kw`], `active-power-${'abc'[i]}`, 'active-power', 'kilo'],
  ]),
]
const ENERGY = ['total_energy_consumption_kwh', 'total_kwh', 'heat_kwh', 'total_heating_kwh']
const VOLUME = ['total_m3', 'total_volume_m3', 'volume_m3', 'total_water_m3', 'total_heating_m3']

/**
 * The JSON of wmbusmeters about one wireless M-Bus telegram; its topic is whatever its owner chose. `null` is a register that
 * the meter does not fill, never 0.
 */
export const wmbusmetersMqtt = tellOne('wmbusmeters-mqtt', ({ bytes }) => {
  const payload = objectOf(bytes)
  const media = textAt(payload, 'media')
  const meter = textAt(payload, 'meter')
  const id = textAt(payload, 'id')
  if (media === undefined || meter === undefined || id === undefined)
    throw refusal('not-this-protocol', 'media, meter or id: not there')
  const readings = new Readings()
  const ofCurrent = media === 'electricity'
  const first = (keys: readonly string[]) => {
    const key = keys.find((one) => valueAt(payload, one) !== undefined)
    return key === undefined ? undefined : numberReading(payload, key)
  }
  readings.add('volume', media === 'gas' ? 'gas-volume' : 'water-volume', first(VOLUME))
  readings.add('energy', ofCurrent ? 'active-energy-import' : 'heat-energy', first(ENERGY))
  for (const [keys, point, quantity, kilo] of REGISTERS)
    readings.add(point, quantity, kilo ? thousandfold(first(keys)) : first(keys))
  // Nothing but an electricity meter has another voltage than its battery's.
  readings.add('battery-voltage', 'battery-voltage', first(ofCurrent ? ['battery_v'] : ['battery_v', 'voltage_v']))
  const status = textAt(payload, 'status')
  const flags = new Set((status ?? '').split(' '))
  const saysSmoke = media === 'smoke detector' && valueAt(payload, 'alarm_counter') === undefined
  if (saysSmoke && valueAt(payload, 'status') !== undefined) readings.add('smoke', 'smoke', smokeOf(status, flags))
  if (meter === DOOR_METER && valueAt(payload, 'status') !== undefined)
    readings.add(
      'contact',
      'contact',
      flags.has('OPEN') || flags.has('CLOSED') ? reading(!flags.has('OPEN')) : absent('invalid'),
    )
  const events: EventType[] = [...raisedBy(readings.list)]
  if (flags.has('MANUAL_TEST')) events.push('test')
  if (isBroken(flags)) events.push('device-fault')
  const frame = {
    media,
    meter,
    name: textAt(payload, 'name') ?? null,
    deviceId: id,
    status: status ?? null,
    currentStatus: textAt(payload, 'current_status') ?? null,
    currentAlarms: textAt(payload, 'current_alarms') ?? null,
    batteryLow: flags.has('LOW_BATTERY') || flags.has('POWER_LOW'),
    targetM3: valueAt(payload, 'target_m3') ?? null,
    flowM3h: valueAt(payload, 'volume_flow_m3h') ?? valueAt(payload, 'flow_m3h') ?? null,
    smokeAlarmCounter: valueAt(payload, 'alarm_counter') ?? null,
    lastAlarmDate: textAt(payload, 'last_alarm_date') ?? null,
    removedCounter: valueAt(payload, 'removed_counter') ?? null,
    testButtonCounter: valueAt(payload, 'test_button_counter') ?? null,
    timestamp: textAt(payload, 'timestamp') ?? null,
  }
  return told(frame, readings.list, events)
})

/** Kilowatts as watts, to the milliwatt: a product of doubles leaves dust behind the digits that came. */
const thousandfold = (given: Reading | undefined): Reading | undefined =>
  given?.is === 'value' ? reading(Math.round(given.value * 1e6) / 1e3) : given

/** Lansen's door and window contact. */
const DOOR_METER = 'lansendw'
/** A detector that says one of these does not know whether there is smoke. */
const BROKEN = [
  'MALFUNCTION',
  'NO_CONNECTION_TO_SMOKE_DETECTOR',
  'PERMANENT_ERROR',
  'ALARM_SENSOR_FAULT',
  'SMOKE_DETECTOR_FULLY_COVERED',
]
const isBroken = (flags: ReadonlySet<string>): boolean => BROKEN.some((flag) => flags.has(flag))

/**
 * Some smoke detectors say SMOKE in their status. Those that count alarms never do: their status stays OK while the house
 * burns, and only the counter moves (`smokedSince`). Of them no smoke reading is made at all.
 */
function smokeOf(status: string | undefined, flags: ReadonlySet<string>): Reading {
  if (status === undefined) return absent('not-reported')
  if (flags.has('SMOKE')) return reading(1)
  return isBroken(flags) ? absent('device-fault') : reading(0)
}

/** Whether a counting smoke detector has raised an alarm since its last telegram. A counter that fell is another detector. */
export const smokedSince = (last: number | undefined, now: number): boolean => last !== undefined && now > last
