import { absent, type EventType, reading } from '@anju/contract'
import { ByteReader, decimal } from '../../src/byte-reader.ts'
import { contact, humidity, of, type Profiles, type Read, says, scaled, silent, temperature } from './equipment.ts'

/** What an actuator measures, by the unit in the top bits: energy in kWh, power in watts. */
const MEASURED: readonly (
  | readonly [quantity: 'active-energy-import' | 'active-power', exponent: number]
  | 'seconds'
)[] = ['seconds', ['active-energy-import', -3], ['active-energy-import', 0], ['active-power', 0], ['active-power', 3]]

/** D2-01: command 4 is what the output is, in per cent, command 7 what it measures. Commands to it are never built. */
const actuator: Read = (payload) => {
  const [head = 0, channel = 0, output = 0] = payload
  const command = head & 0x0f
  if (command === 0x04 && payload.byteLength === 3) {
    const percent = output & 0x7f
    const words = { channel: channel & 0x1f, outputPct: percent <= 100 ? percent : null, localControl: output >= 0x80 }
    return { ...silent, words: { ...words, overCurrent: channel >= 0x80, powerFailure: (head & 0xc0) === 0xc0 } }
  }
  if (command !== 0x07 || payload.byteLength !== 6) return silent
  const words = { channel: channel & 0x1f }
  const value = new ByteReader(payload.subarray(2)).u32be()
  const measured = MEASURED[channel >> 5]
  if (!measured) return { ...silent, words }
  if (measured === 'seconds')
    return { ...says(of('active-energy-import', reading(value / 3_600_000), 'active-energy')), words }
  const [quantity, exponent] = measured
  const point = quantity === 'active-energy-import' ? 'active-energy' : quantity
  return { ...says(of(quantity, reading(decimal(value, exponent)), point)), words }
}

const PRESSES = [undefined, 'press', 'double_press', 'long_press', 'long_press_release'] as const
/** D2-03-0A, a single button with a cell. That it means SOS is the profile's to say. */
const button: Read = (payload) => {
  const [cell = 0, action = 0] = payload
  if (payload.byteLength !== 2) return silent
  const level = cell <= 100 ? [of('battery-level', reading(cell), 'battery')] : []
  return { readings: level, events: [], words: { action: PRESSES[action] ?? null } }
}

/** D2-14-41, D2-14-40: numbers of 10, 8 and 17 bits one behind the other. */
const multiSensor: Read = (payload) => {
  if (payload.byteLength !== 9) return silent
  const bits = [...payload].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const at = (from: number, length: number) => Number.parseInt(bits.slice(from, from + length), 2)
  const g = (from: number) => Number((at(from, 10) / 200 - 2.5).toFixed(3))
  return {
    ...says(
      temperature(reading((at(0, 10) - 400) / 10)),
      humidity(reading(at(10, 8) / 2)),
      of('illuminance', reading(at(18, 17))),
      contact(at(67, 1) === 1),
    ),
    words: { accelerationG: [g(37), g(47), g(57)] },
  }
}

/**
 * D2-14-30, a smoke detector that also feels the air: five flags, eight bits since the last maintenance, two of the cell, then
 * its expected life, temperature and humidity.
 */
const CELL_LEVELS = ['high', 'medium', 'low', 'critical']
const smokeDetector: Read = (payload) => {
  if (payload.byteLength !== 6) return silent
  const bits = [...payload].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const at = (from: number, length: number) => Number.parseInt(bits.slice(from, from + length), 2)
  const [burning, faulty, cell] = [at(0, 1) === 1, at(1, 1) === 1, at(13, 2)]
  const events: EventType[] = burning ? ['smoke'] : []
  if (faulty) events.push('device-fault')
  if (cell >= 2) events.push('battery-low')
  // A detector that says it is broken does not say that there is no smoke.
  const smoke = burning || !faulty ? reading(burning) : absent('device-fault')
  return {
    readings: [
      of('smoke', smoke),
      temperature(scaled(at(23, 8), 250, 0, 50)),
      humidity(scaled(at(31, 8), 200, 0, 100)),
    ],
    events,
    words: { sensorFault: faulty, cell: CELL_LEVELS[cell] },
  }
}

const ACTUATORS = ['00', '01', '02', '03', '04', '05', '06', '07', '08', '09', '0A', '0B', '0C', '0D', '0E', '0F']
export const VARIABLE_PROFILES: Profiles = [
  ...[...ACTUATORS, '10', '11', '12', '13', '14', '15', '16'].map((type) => [`D2-01-${type}`, actuator] as const),
  ['D2-03-0A', button],
  ['D2-14-30', smokeDetector],
  ['D2-14-41', multiSensor],
]
