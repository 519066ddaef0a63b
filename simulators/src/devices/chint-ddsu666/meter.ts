import type { Instant } from '@anju/contract'
import { countedAt, digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { float, registerMeter } from '../modbus-meter/wire.ts'

const seed = 666

function truth(at: Instant) {
  const { volts, amperes, watts, powerFactor, hertz, kWh } = electricityAt(seed, at)
  return {
    voltage: digits(volts, 1),
    current: digits(amperes, 3),
    'active-power': digits(watts, 1),
    'reactive-power': digits(Math.sqrt(Math.max(0, (volts * amperes) ** 2 - watts ** 2)), 1),
    'power-factor': digits(powerFactor, 3),
    frequency: digits(hertz, 2),
    'active-energy': digits(kWh, 2),
    'active-energy-reverse': digits(countedAt(seed, 'roof', 0.1, at), 2),
  }
}

/** Chint's table of the DDSU666, holding registers: floats; powers in kW and kvar. */
export const chintDdsu666 = (address: string): PolledDevice =>
  registerMeter({
    profile: 'chint/ddsu666',
    address,
    function: 3,
    truth,
    registers: (given) => {
      const plain = (at: number, point: string, value = given[point] ?? Number.NaN) =>
        [at, { point, words: float(value) }] as const
      const kilo = (at: number, point: string) => plain(at, point, digits((given[point] ?? Number.NaN) / 1_000, 4))
      return new Map([
        plain(0x2000, 'voltage'),
        plain(0x2002, 'current'),
        kilo(0x2004, 'active-power'),
        kilo(0x2006, 'reactive-power'),
        plain(0x200a, 'power-factor'),
        plain(0x200e, 'frequency'),
        plain(0x4000, 'active-energy'),
        plain(0x400a, 'active-energy-reverse'),
      ])
    },
  })
