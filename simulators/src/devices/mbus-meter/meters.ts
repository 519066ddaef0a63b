import type { Instant } from '@anju/contract'
import { countedAt, digits, electricityAt } from '../consumption.ts'
import type { PolledDevice } from '../device.ts'
import { bcd } from '../dlt645-meter/wire.ts'
import { clockBytes, int16, int32, MORE_FOLLOWS, mbusMeter } from './wire.ts'

const dayMs = 86_400_000
/** In the cold of the night its battery is low. */
const isCold = (at: Instant): boolean => (at % dayMs) / dayMs < 0.2
/** Whole steps of a register: it shows what is full. */
const stepsOf = (value: number, perUnit: number): number => Math.floor(value * perUnit)

/** A cold water meter: litres in eight digits, last year's total behind them. */
export const mbusWater = (address: string): PolledDevice =>
  mbusMeter({
    profile: 'mbus/water',
    address,
    serial: '11490378',
    medium: 0x16,
    truth: (at) => ({
      volume: stepsOf(countedAt(13_757, 'water', 0.142, at), 1_000) / 1_000,
      'battery-low': isCold(at) ? 1 : 0,
      'device-fault': 0,
    }),
    status: (at) => (isCold(at) ? 0x04 : 0),
    telegrams: ({ volume = 0 }, at) => [
      [0x0c, 0x13, ...bcd(volume * 1_000, 4, 0), 0x4c, 0x13, ...bcd(41_007, 4, 0), 0x04, 0x6d, ...clockBytes(at)],
    ],
  })

/** A heat meter that says its values in a first telegram, and last year's and its maxima in a second. */
export const mbusHeat = (address: string): PolledDevice =>
  mbusMeter({
    profile: 'mbus/heat',
    address,
    serial: '06855817',
    medium: 0x04,
    truth: (at) => {
      const load = electricityAt(434, at).watts
      return {
        'heat-energy': stepsOf(countedAt(434, 'heat', 21.4, at), 1),
        'supply-temperature': digits(55 + load / 60, 1),
        'return-temperature': digits(31 + load / 90, 1),
        'battery-low': 0,
        'device-fault': 0,
      }
    },
    telegrams(truth, at) {
      const { 'heat-energy': kWh = 0, 'supply-temperature': supply = 0, 'return-temperature': back = 0 } = truth
      const first = [
        [0x0c, 0x78, ...bcd(6_855_817, 4, 0)],
        // A record with three fillers in front, as this maker aligns them.
        [0x2f, 0x2f, 0x2f, 0x0c, 0x06, ...bcd(kWh, 4, 0)],
        [0x0c, 0x14, ...bcd(kWh * 3.4, 4, 0)],
        [0x0a, 0x5a, ...bcd(supply, 2, 1)],
        [0x0a, 0x5e, ...bcd(back, 2, 1)],
        [0x0a, 0x62, ...bcd(supply - back, 2, 1)],
        [0x04, 0x6d, ...clockBytes(at)],
        [MORE_FOLLOWS],
      ].flat()
      const second = [
        [0x4c, 0x06, ...bcd(7_788, 4, 0)],
        [0x42, 0x6c, 0x5f, 0x3c],
        [0x1a, 0x5a, ...bcd(81.3, 2, 1)],
        // A tariff of its own, and the maker's own data.
        [0x8c, 0x10, 0x06, ...bcd(12, 4, 0)],
        [0x0f, 0x10, 0x0a, 0x1f],
      ].flat()
      return [first, second]
    },
  })

/** A single-phase meter on a rail, its values in binary. */
export const mbusElectricity = (address: string): PolledDevice =>
  mbusMeter({
    profile: 'mbus/electricity',
    address,
    serial: '19000055',
    medium: 0x02,
    truth: (at) => {
      const { volts, amperes, watts } = electricityAt(190, at)
      const [day, night] = [
        stepsOf(countedAt(190, 'day', 5.2, at), 100),
        stepsOf(countedAt(190, 'night', 1.9, at), 100),
      ]
      return {
        'active-energy': (day + night) / 100,
        'active-energy-tariff-1': day / 100,
        'active-energy-tariff-2': night / 100,
        'active-power': Math.round(watts),
        voltage: digits(volts, 1),
        current: digits(amperes, 2),
      }
    },
    telegrams: (truth) => [
      [
        [0x04, 0x04, ...int32(tens(truth['active-energy']))],
        [0x84, 0x10, 0x04, ...int32(tens(truth['active-energy-tariff-1']))],
        [0x84, 0x20, 0x04, ...int32(tens(truth['active-energy-tariff-2']))],
        [0x02, 0x2b, ...int16(truth['active-power'] ?? 0)],
        [0x02, 0xfd, 0x48, ...int16(Math.round((truth['voltage'] ?? 0) * 10))],
        [0x02, 0xfd, 0x5a, ...int16(Math.round((truth['current'] ?? 0) * 100))],
      ].flat(),
    ],
  })

/** Kilowatt hours in steps of ten watt hours. */
const tens = (kWh = 0): number => Math.round(kWh * 100)
