import { type Instant, seconds } from '@anju/contract'
import { countedAt, digits } from '../consumption.ts'
import type { TalkingDevice } from '../device.ts'
import { threePhase } from '../iec62056-meter/registers.ts'
import { crc16, fileOf, integer, listOf, nothing, octets, signed8, unsigned8, unsigned16 } from './transport.ts'

const SERVER_ID = [0x0a, 0x01, 0x45, 0x4d, 0x48, 0x00, 0x00, 0x7a, 0x12, 0x01]
const [WATT_HOUR, WATT, AMPERE, VOLT, HERTZ] = [0x1e, 0x1b, 0x21, 0x23, 0x2c]

/** At noon the roof gives more than the home takes. */
const roofWatts = (at: Instant): number =>
  Math.round(2_400 * Math.max(0, -Math.cos((2 * Math.PI * (at % 86_400_000)) / 86_400_000)))

function truth(at: Instant): Readonly<Record<string, number>> {
  const values = threePhase(1_104, at)
  const counted = (name: string, perDay: number) => Math.floor(countedAt(1_104, name, perDay, at) * 10_000) / 10_000
  return {
    'active-energy': counted('in', 7.9),
    'active-energy-reverse': counted('out', 5.3),
    'active-power-net': (values['active-power'] ?? 0) - roofWatts(at),
    'voltage-a': values['voltage-a'] ?? 0,
    'current-a': values['current-a'] ?? 0,
    frequency: digits(values['frequency'] ?? 0, 1),
  }
}

/** A German meter under its optical head, its PIN given: it says its power, which is negative while the roof feeds in. */
export const smlMeter = (): TalkingDevice => ({
  profile: 'sml/electricity',
  every: seconds(1),
  truth,
  speak(at) {
    const value = truth(at)
    const of = (point: string, factor: number) => Math.round((value[point] ?? 0) * factor)
    const list = listOf(
      entry([0x60, 0x32, 1, 1], undefined, undefined, octets(0x45, 0x4d, 0x48)),
      entry([0x60, 0x01, 0, 0xff], undefined, undefined, octets(...SERVER_ID)),
      entry([1, 8, 0, 0xff], WATT_HOUR, -1, integer(of('active-energy', 10_000), false)),
      entry([2, 8, 0, 0xff], WATT_HOUR, -1, integer(of('active-energy-reverse', 10_000), false)),
      entry([16, 7, 0, 0xff], WATT, 0, integer(of('active-power-net', 1), true)),
      entry([32, 7, 0, 0xff], VOLT, -1, integer(of('voltage-a', 10), false)),
      entry([31, 7, 0, 0xff], AMPERE, -2, integer(of('current-a', 100), true)),
      entry([14, 7, 0, 0xff], HERTZ, -1, integer(of('frequency', 10), false)),
    )
    const values = listOf(
      [nothing],
      octets(...SERVER_ID),
      octets(1, 0, 0x62, 0x0a, 0xff, 0xff),
      [nothing],
      list,
      [nothing],
      [nothing],
    )
    const second = Math.floor(at / 1_000) & 0xffff
    const open = listOf([nothing], [nothing], octets(0, second & 0xff), octets(...SERVER_ID), [nothing], unsigned8(1))
    return fileOf([
      ...message(second, 0, 0x0101, open),
      ...message(second, 1, 0x0701, values),
      ...message(second, 2, 0x0201, listOf([nothing])),
    ])
  },
})

/** objName, status, valTime, unit, scaler, value, signature. */
const entry = (code: readonly number[], unit: number | undefined, scaler: number | undefined, value: number[]) =>
  listOf(
    octets(1, 0, ...code),
    [nothing],
    [nothing],
    unit === undefined ? [nothing] : unsigned8(unit),
    scaler === undefined ? [nothing] : signed8(scaler),
    value,
    [nothing],
  )

function message(second: number, part: number, kind: number, body: number[]): number[] {
  const head = [0x76, ...octets(second >> 8, second & 0xff, part), ...unsigned8(0), ...unsigned8(0)]
  const covered = [...head, ...listOf(unsigned16(kind), body)]
  const [low, high] = crc16(covered)
  return [...covered, 0x63, high, low, 0x00]
}
