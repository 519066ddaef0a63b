import { absent, type Quantity, type Reading, reading } from '@anju/contract'
import { type JsonObject, numberReading, objectOf, textAt, valueAt } from '../../src/json-payload.ts'
import { Readings, raisedBy, refusal, tellOne, told } from '../../src/tell-one.ts'

/** Registers by the names that wmbusmeters gives them; a unit stands at the end of each name. */
const REGISTERS: readonly (readonly [key: string, point: string, quantity: Quantity, kilo?: 'kilo'])[] = [
  ['total_energy_consumption_kwh', 'energy', 'active-energy-import'],
  ['total_energy_production_kwh', 'energy-reverse', 'active-energy-export'],
  ['current_power_consumption_kw', 'active-power', 'active-power', 'kilo'],
  ['power_kw', 'active-power', 'active-power', 'kilo'],
  ['flow_temperature_c', 'supply-temperature', 'temperature'],
  ['return_temperature_c', 'return-temperature', 'temperature'],
  ['external_temperature_c', 'external-temperature', 'temperature'],
  ['current_temperature_c', 'temperature', 'temperature'],
  ['current_relative_humidity_rh', 'humidity', 'relative-humidity'],
  ['battery_v', 'battery-voltage', 'battery-voltage'],
]

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
  const volume: Quantity = media === 'gas' ? 'gas-volume' : 'water-volume'
  readings.add('volume', volume, numberReading(payload, 'total_m3'))
  for (const [key, point, quantity, kilo] of REGISTERS) {
    const heat = key === 'total_energy_consumption_kwh' && media !== 'electricity'
    readings.add(
      point,
      heat ? 'heat-energy' : quantity,
      kilo ? thousandfold(numberReading(payload, key)) : numberReading(payload, key),
    )
  }
  const status = textAt(payload, 'status')
  if (saysSmoke(media, payload))
    // A status that is null or no text is unknown: it must not end an alarm.
    readings.add('smoke', 'smoke', status === undefined ? absent('not-reported') : reading(/\bSMOKE\b/.test(status)))
  const frame = {
    media,
    meter,
    name: textAt(payload, 'name') ?? null,
    deviceId: id,
    status: status ?? null,
    targetM3: valueAt(payload, 'target_m3') ?? null,
    smokeAlarmCounter: valueAt(payload, 'alarm_counter') ?? null,
    lastAlarmDate: textAt(payload, 'last_alarm_date') ?? null,
    testButtonCounter: valueAt(payload, 'test_button_counter') ?? null,
    removedCounter: valueAt(payload, 'removed_counter') ?? null,
    timestamp: textAt(payload, 'timestamp') ?? null,
  }
  return told(frame, readings.list, raisedBy(readings.list))
})

/** Kilowatts as watts, to the milliwatt: a product of doubles would leave dust behind the digits that came. */
const thousandfold = (given: Reading | undefined): Reading | undefined =>
  given?.is === 'value' ? reading(Math.round(given.value * 1e6) / 1e3) : given

/**
 * Some smoke detectors say SMOKE in their status. Those that count alarms never do: their status stays OK while the house
 * burns, and only the counter moves (`smokedSince`). Of them no smoke reading is made at all.
 */
const saysSmoke = (media: string, payload: JsonObject): boolean =>
  media === 'smoke detector' &&
  valueAt(payload, 'status') !== undefined &&
  valueAt(payload, 'alarm_counter') === undefined

/** Whether a counting smoke detector has raised an alarm since its last telegram. A counter that fell is another detector. */
export const smokedSince = (last: number | undefined, now: number): boolean => last !== undefined && now > last
