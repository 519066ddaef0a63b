import type { Instant } from '@anju/contract'
import { digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { registerOf } from '../dlt645-meter/registers.ts'
import { bcd } from '../dlt645-meter/wire.ts'

/** DL/T 645-1997 appendix A: whole volts, hundredths of amperes, tenths of watts; no frequency. */
function truth(at: Instant) {
  const { volts, amperes, watts, powerFactor, kWh } = electricityAt(1_997, at)
  return {
    voltage: digits(volts, 0),
    current: digits(amperes, 2),
    'active-power': digits(watts, 1),
    'power-factor': digits(powerFactor, 3),
    'active-energy': digits(kWh, 2),
  }
}

export const dlt645Meter1997 = (address: string, answersAs?: string): PolledDevice =>
  registerOf({
    profile: 'dlt645/single-phase-1997',
    address,
    read: 0x01,
    truth,
    answers: {
      '9010': [['active-energy', (value) => bcd(value, 4, 2)]],
      B611: [['voltage', (value) => bcd(value, 2, 0)]],
      B621: [['current', (value) => bcd(value, 2, 2)]],
      B630: [['active-power', (value) => bcd(value / 1_000, 3, 4)]],
      B650: [['power-factor', (value) => bcd(value, 2, 3)]],
    },
    ...(answersAs !== undefined && { answersAs }),
  })
