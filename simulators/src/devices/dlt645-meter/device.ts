import type { Instant } from '@anju/contract'
import { digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { registerOf } from './registers.ts'
import { bcd } from './wire.ts'

function truthOf(seed: number, at: Instant) {
  const { volts, amperes, watts, powerFactor, hertz, kWh } = electricityAt(seed, at)
  return {
    voltage: digits(volts, 1),
    current: digits(amperes, 3),
    'active-power': digits(watts, 1),
    'power-factor': digits(powerFactor, 3),
    frequency: digits(hertz, 2),
    'active-energy': digits(kWh, 2),
  }
}

/** A single-phase meter of the 2007 standard. */
export const dlt645SinglePhase = (address: string): PolledDevice =>
  registerOf({
    profile: 'dlt645/single-phase',
    address,
    read: 0x11,
    truth: (at) => truthOf(645, at),
    answers: {
      '00010000': [['active-energy', (value) => bcd(value, 4, 2)]],
      '02010100': [['voltage', (value) => bcd(value, 2, 1)]],
      '02020100': [['current', (value) => bcd(value, 3, 3, true)]],
      '02030000': [['active-power', (value) => bcd(value / 1_000, 3, 4, true)]],
      '02060000': [['power-factor', (value) => bcd(value, 2, 3, true)]],
      '02800002': [['frequency', (value) => bcd(value, 2, 2)]],
    },
  })
