import type { Instant } from '@anju/contract'
import { countedAt, digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { type Printed, registerOf } from '../dlt645-meter/registers.ts'
import { bcd } from '../dlt645-meter/wire.ts'

const PHASES = ['a', 'b', 'c'] as const

/** Each phase has a load of its own; around noon a roof feeds in on the third. */
function truth(at: Instant) {
  const phases = PHASES.map((_, i) => electricityAt(300 + i, at))
  const watts = phases.map((phase, i) => digits(i === 2 ? phase.watts - 400 : phase.watts, 1))
  const each = (point: string, value: (i: number) => number) =>
    Object.fromEntries(PHASES.map((phase, i) => [`${point}-${phase}`, value(i)]))
  const sign = (i: number) => Math.sign(watts[i] ?? 0) || 1
  const [first] = phases
  return {
    ...each('voltage', (i) => digits(phases[i]?.volts ?? 0, 1)),
    ...each('current', (i) => digits(sign(i) * (phases[i]?.amperes ?? 0), 3)),
    ...each('active-power', (i) => watts[i] ?? 0),
    'active-power': digits(
      watts.reduce((sum, value) => sum + value, 0),
      1,
    ),
    ...each('power-factor', (i) => digits(sign(i) * (phases[i]?.powerFactor ?? 0), 3)),
    'power-factor': digits(first?.powerFactor ?? 0, 3),
    frequency: digits(first?.hertz ?? 0, 2),
    'active-energy': digits(
      phases.reduce((sum, { kWh }) => sum + kWh, 0),
      2,
    ),
    'active-energy-reverse': digits(countedAt(302, 'roof', 1.2, at), 2),
  }
}

const block = (point: string, withTotal: boolean, print: Printed[number][1]): Printed => [
  ...(withTotal ? [[point, print] as const] : []),
  ...PHASES.map((phase) => [`${point}-${phase}`, print] as const),
]

/** A three-phase meter of the 2007 standard, asked in blocks. */
export const dlt645ThreePhase = (address: string): PolledDevice =>
  registerOf({
    profile: 'dlt645/three-phase',
    address,
    read: 0x11,
    truth,
    answers: {
      '00010000': [['active-energy', (value) => bcd(value, 4, 2)]],
      '00020000': [['active-energy-reverse', (value) => bcd(value, 4, 2)]],
      '0201FF00': block('voltage', false, (value) => bcd(value, 2, 1)),
      '0202FF00': block('current', false, (value) => bcd(value, 3, 3, true)),
      '0203FF00': block('active-power', true, (value) => bcd(value / 1_000, 3, 4, true)),
      '0206FF00': block('power-factor', true, (value) => bcd(value, 2, 3, true)),
      '02800002': [['frequency', (value) => bcd(value, 2, 2)]],
    },
  })
