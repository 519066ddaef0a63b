import type { Instant } from '@anju/contract'
import { digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { registerMeter } from '../modbus-meter/wire.ts'

const seed = 4

function truth(at: Instant) {
  const { volts, amperes, watts, powerFactor, hertz, kWh } = electricityAt(seed, at)
  return {
    voltage: digits(volts, 1),
    current: digits(amperes, 3),
    'active-power': digits(watts, 1),
    'active-energy': digits(kWh, 3),
    frequency: digits(hertz, 1),
    'power-factor': digits(powerFactor, 2),
  }
}

/** 32 bits, low word first. */
const long = (value: number) => [value % 0x1_0000, Math.floor(value / 0x1_0000)]

/** The monitor's manual, ten input registers: whole numbers, those of 32 bits with their low word first. */
export const pzem004t = (address: string): PolledDevice =>
  registerMeter({
    profile: 'peacefair/pzem-004t-v3',
    address,
    function: 4,
    truth,
    registers: (given) => {
      const whole = (point: string, decimals: number) => Math.round((given[point] ?? Number.NaN) * 10 ** decimals)
      return new Map([
        [0, { point: 'voltage', words: [whole('voltage', 1)] }],
        [1, { point: 'current', words: long(whole('current', 3)) }],
        [3, { point: 'active-power', words: long(whole('active-power', 1)) }],
        [5, { point: 'active-energy', words: long(whole('active-energy', 3)) }],
        [7, { point: 'frequency', words: [whole('frequency', 1)] }],
        [8, { point: 'power-factor', words: [whole('power-factor', 2)] }],
      ])
    },
  })
