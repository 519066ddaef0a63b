import type { Instant } from '@anju/contract'
import { countedAt, digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { float, registerMeter } from '../modbus-meter/wire.ts'

const seed = 120

/** What the meter computes; it sends the float nearest to it. */
function truth(at: Instant) {
  const { volts, amperes, watts, powerFactor, hertz, kWh } = electricityAt(seed, at)
  return {
    voltage: digits(volts, 2),
    current: digits(amperes, 3),
    'active-power': digits(watts, 1),
    'apparent-power': digits(volts * amperes, 1),
    'reactive-power': digits(-Math.sqrt(Math.max(0, (volts * amperes) ** 2 - watts ** 2)), 1),
    'power-factor': digits(powerFactor, 3),
    frequency: digits(hertz, 2),
    'active-energy': digits(kWh, 2),
    'active-energy-reverse': digits(countedAt(seed, 'roof', 0.4, at), 2),
  }
}

/** Eastron's Modbus protocol, input registers: floats from register 0 on, two registers each. */
const PLACES: readonly (readonly [at: number, point: keyof ReturnType<typeof truth>])[] = [
  [0x0000, 'voltage'],
  [0x0006, 'current'],
  [0x000c, 'active-power'],
  [0x0012, 'apparent-power'],
  [0x0018, 'reactive-power'],
  [0x001e, 'power-factor'],
  [0x0046, 'frequency'],
  [0x0048, 'active-energy'],
  [0x004a, 'active-energy-reverse'],
]

/** An SDM120 whose transceiver lets a 00 through while it turns round. */
export const eastronSdm120 = (address: string): PolledDevice =>
  registerMeter({
    profile: 'eastron/sdm120',
    address,
    function: 4,
    truth,
    registers: (given) =>
      new Map(PLACES.map(([at, point]) => [at, { point, words: float(given[point] ?? Number.NaN) }])),
    glitch: { before: [0x00], after: [0x00] },
  })
