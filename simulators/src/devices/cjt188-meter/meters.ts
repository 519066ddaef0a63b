import type { Instant } from '@anju/contract'
import { countedAt, digits } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { bcd } from '../dlt645-meter/wire.ts'
import { cjt188Meter, clockBytes } from './wire.ts'

/** CJ/T 188-2004 table 3. */
const CUBIC_METRES = 0x2c
const KILOWATT_HOURS = 0x05
const KILOWATTS = 0x17
const CUBIC_METRES_AN_HOUR = 0x35
const dayMs = 86_400_000
const noClock = [0, 0, 0, 0, 0, 0, 0]
const FE = 0xfe

/** A cold water meter that knows the identifier only as it is printed, and whose clock has stopped. */
export const cjt188ColdWater = (address: string): PolledDevice =>
  cjt188Meter({
    profile: 'cjt188/cold-water',
    address,
    type: 0x10,
    knows: ['901f'],
    before: [FE, FE, FE],
    truth: (at) => ({
      volume: digits(countedAt(188, 'water', 0.142, at), 2),
      'valve-open': 1,
      'valve-fault': 0,
      'battery-low': 0,
    }),
    values: ({ volume = 0 }) => [
      ...bcd(volume, 4, 2),
      CUBIC_METRES,
      ...bcd(Math.floor(volume), 4, 2),
      CUBIC_METRES,
      ...noClock,
      0x00,
      0xff,
    ],
  })

/** Late at night its battery is cold, and then it is low. */
const isCold = (at: Instant): boolean => (at % dayMs) / dayMs < 0.2

/** A gas meter behind a radio head, which puts nine bytes before each frame. */
export const cjt188Gas = (address: string): PolledDevice =>
  cjt188Meter({
    profile: 'cjt188/gas',
    address,
    type: 0x30,
    knows: ['1f90', '901f'],
    before: [0xff, 0x07, 0x8d, 0x98, 0x10, 0x00, 0x00, 0x00, 0x03, FE, FE, FE],
    truth: (at) => ({
      volume: digits(countedAt(189, 'gas', 0.61, at), 2),
      'valve-open': 1,
      'valve-fault': 0,
      'battery-low': isCold(at) ? 1 : 0,
    }),
    values: ({ volume = 0, 'battery-low': low }, at) => [
      ...bcd(volume, 4, 2),
      CUBIC_METRES,
      ...bcd(0, 4, 2),
      CUBIC_METRES,
      ...clockBytes(at),
      low === 1 ? 0x04 : 0x00,
      0x00,
    ],
  })

/** A heat meter of the maker that puts each unit before its value. */
export const cjt188Heat = (address: string): PolledDevice =>
  cjt188Meter({
    profile: 'cjt188/heat',
    address,
    type: 0x20,
    knows: ['1f90'],
    before: [FE, FE],
    truth: (at) => {
      const swing = Math.sin((at / dayMs) * 2 * Math.PI)
      return {
        'heat-energy': digits(countedAt(190, 'heat', 21.7, at), 2),
        volume: digits(countedAt(190, 'flow', 2.31, at), 2),
        'supply-temperature': digits(46.3 + 4.1 * swing, 2),
        'return-temperature': digits(33.8 + 2.2 * swing, 2),
        'valve-open': 1,
        'valve-fault': 0,
        'battery-low': 0,
      }
    },
    values: (truth, at) => {
      const of = (point: string) => truth[point] ?? Number.NaN
      return [
        KILOWATT_HOURS,
        ...bcd(0, 4, 2),
        KILOWATT_HOURS,
        ...bcd(of('heat-energy'), 4, 2),
        KILOWATTS,
        ...bcd(0.9, 4, 2),
        CUBIC_METRES_AN_HOUR,
        ...bcd(0.1, 4, 2),
        CUBIC_METRES,
        ...bcd(of('volume'), 4, 2),
        ...bcd(of('supply-temperature'), 3, 2),
        ...bcd(of('return-temperature'), 3, 2),
        ...bcd(2_761, 3, 0),
        ...clockBytes(at),
        0x00,
        0x01,
      ]
    },
  })
