import { absent, reading } from '@anju/contract'
import { decimal } from '../../src/byte-reader.ts'
import {
  contact,
  type Equipment,
  humidity,
  motion,
  of,
  type Profiles,
  type Read,
  says,
  scaled,
  supply,
  temperature,
} from './equipment.ts'

/** The four bytes as the profiles number them, from 3 down to 0. */
const db = (payload: Uint8Array, number: number): number => payload[3 - number] ?? 0
const bit = (payload: Uint8Array, number: number, at: number): boolean => ((db(payload, number) >> at) & 1) === 1
/** Two bits of DB2 and DB1 below them. */
const tenBits = (payload: Uint8Array): number => ((db(payload, 2) & 3) << 8) | db(payload, 1)

/** A5-02: 255 at the lower end of the range down to 0 at the upper: nearer to hot, the smaller. */
const eightBits =
  (low: number, high: number): Read =>
  (payload) =>
    says(temperature(scaled(db(payload, 1), 255, high, low)))
const TEMPERATURES: readonly (readonly [type: string, low: number, high: number])[] = [
  ...Array.from({ length: 11 }, (_, i) => [hex(0x01 + i), -40 + 10 * i, 10 * i] as const),
  ...Array.from({ length: 12 }, (_, i) => [hex(0x10 + i), -60 + 10 * i, 20 + 10 * i] as const),
]

/** A5-04: DB2 humidity and DB1 temperature, 0 to 250 each; more is no value. */
const climate =
  (low: number, high: number): Read =>
  (payload) => {
    const raw = db(payload, 2)
    const wet = raw <= 250 ? reading(decimal(raw * 4, -1)) : absent('invalid')
    const degrees = bit(payload, 0, 1) ? scaled(db(payload, 1), 250, low, high) : absent('not-supported')
    return says(humidity(wet), temperature(degrees))
  }

/** A5-06: two ranges of light, and a bit that says which of the two bytes holds it. */
const light =
  (low: readonly [number, number], high: readonly [number, number]): Read =>
  (payload) => {
    const lux = bit(payload, 0, 0)
      ? scaled(db(payload, 2), 255, low[0], low[1])
      : scaled(db(payload, 1), 255, high[0], high[1])
    return says(supply(scaled(db(payload, 3), 255, 0, 5.1)), of('illuminance', lux))
  }
const thousandLux = (payload: Uint8Array) => {
  const raw = (db(payload, 2) << 2) | (db(payload, 1) >> 6)
  return of('illuminance', raw <= 1_000 ? reading(raw) : absent('invalid'))
}

/** A5-07-01: DB1 over 127 is motion, and a bit says whether DB3 is a supply voltage at all. */
const occupancy1: Read = (payload) => {
  const moving = motion(db(payload, 1) > 127)
  return bit(payload, 0, 0) ? says(moving, supply(scaled(db(payload, 3), 250, 0, 5))) : says(moving)
}
const occupancy =
  (withLight: boolean): Read =>
  (payload) => {
    const both = [motion(bit(payload, 0, 7)), supply(scaled(db(payload, 3), 250, 0, 5))]
    return says(...both, ...(withLight ? [thousandLux(payload)] : []))
  }

/** A5-08: the bit of the motion detector is 0 when it sees somebody, the button's 0 while it is pressed. */
const lightAndMotion =
  (luxMax: number, low: number, high: number): Read =>
  (payload) => ({
    ...says(
      supply(scaled(db(payload, 3), 255, 0, 5.1)),
      of('illuminance', scaled(db(payload, 2), 255, 0, luxMax)),
      temperature(scaled(db(payload, 1), 255, low, high)),
      motion(!bit(payload, 0, 1)),
    ),
    words: { pressed: !bit(payload, 0, 0) },
  })

const carbonDioxide: Read = (payload) =>
  says(
    of('carbon-dioxide', reading(db(payload, 2) * 10)),
    humidity(bit(payload, 0, 2) ? scaled(db(payload, 3), 200, 0, 100) : absent('not-supported')),
    temperature(bit(payload, 0, 1) ? scaled(db(payload, 1), 255, 0, 51) : absent('not-supported')),
  )

const roomPanel: Read = (payload) => ({ ...eightBits(0, 40)(payload, NEVER), words: { setpointRaw: db(payload, 2) } })
const roomPanelWithHumidity: Read = (payload) => ({
  ...says(humidity(scaled(db(payload, 2), 250, 0, 100)), temperature(scaled(db(payload, 1), 250, 0, 40))),
  words: { setpointRaw: db(payload, 3) },
})

/** A5-12: a bit says whether the number is the rate or the total, two more how many decimals it has. */
const meter =
  (total: Parameters<typeof of>[0], rate: 'active-power' | undefined): Read =>
  (payload) => {
    const raw = (db(payload, 3) << 16) | (db(payload, 2) << 8) | db(payload, 1)
    const value = decimal(raw, -(db(payload, 0) & 3))
    const isRate = bit(payload, 0, 2)
    const words = { tariff: db(payload, 0) >> 4, rate: isRate }
    if (!isRate) return { ...says(of(total, reading(value), POINTS[total] ?? total)), words }
    return rate
      ? { ...says(of(rate, reading(value))), words }
      : { ...says(), words: { ...words, litresPerSecond: value } }
  }
const POINTS: Readonly<Record<string, string>> = { 'active-energy-import': 'active-energy' }

/** A5-13-01 sends telegrams of several kinds by turns; only the first is weather. */
const weather: Read = (payload) => {
  const kind = db(payload, 0) >> 4
  if (kind !== 1) return { ...says(), words: { kind } }
  return {
    ...says(temperature(scaled(db(payload, 2), 255, -40, 80))),
    words: {
      kind,
      windMs: (db(payload, 1) * 70) / 255,
      dawnLux: (db(payload, 3) * 999) / 255,
      raining: bit(payload, 0, 1),
      night: bit(payload, 0, 2),
    },
  }
}

const doorWithSupply: Read = (payload) => says(supply(scaled(db(payload, 3), 250, 0, 5)), contact(!bit(payload, 0, 0)))

/** A5-20-01, a radiator's valve reporting. What is sent to it has the same length, and is never built. */
const radiator: Read = (payload) => ({
  ...says(temperature(bit(payload, 2, 2) ? absent('device-fault') : scaled(db(payload, 1), 255, 0, 40))),
  words: {
    valvePct: db(payload, 3) <= 100 ? db(payload, 3) : null,
    windowOpen: bit(payload, 2, 1),
    obstructed: bit(payload, 2, 0),
  },
})

/** A5-30-01: DB1 from 196 on is an open contact; DB2 below 122 a cell that runs low. */
const inputWithCell: Read = (payload): Equipment => {
  const low = db(payload, 2) <= 121
  return { ...says(contact(db(payload, 1) <= 195)), events: low ? ['battery-low'] : [], words: { batteryLow: low } }
}
const input: Read = (payload) => says(contact(!bit(payload, 0, 0)))
/** A5-30-03: an inverted temperature and four inputs whose meaning is the installer's. */
const fourInputs: Read = (payload) => ({
  ...says(temperature(scaled(db(payload, 2), 255, 40, 0))),
  words: { inputs: [0, 1, 2, 3].map((at) => bit(payload, 1, at)), wake: bit(payload, 1, 4) },
})

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase()
}
const NEVER = { rorg: 0xa5, payload: new Uint8Array(), sender: '', status: 0 }
const all = (prefix: string, types: readonly number[], read: Read): Profiles =>
  types.map((type) => [`${prefix}-${hex(type)}`, read] as const)

export const FOUR_BYTE_PROFILES: Profiles = [
  ...TEMPERATURES.map(([type, low, high]) => [`A5-02-${type}`, eightBits(low, high)] as const),
  ['A5-02-20', (payload) => says(temperature(scaled(tenBits(payload), 1_023, 41.2, -10)))],
  ['A5-02-30', (payload) => says(temperature(scaled(tenBits(payload), 1_023, 62.3, -40)))],
  ['A5-04-01', climate(0, 40)],
  ['A5-04-02', climate(-20, 60)],
  [
    'A5-04-03',
    (payload) =>
      says(humidity(scaled(db(payload, 3), 255, 0, 100)), temperature(scaled(tenBits(payload), 1_023, -20, 60))),
  ],
  ['A5-06-01', light([300, 30_000], [600, 60_000])],
  ['A5-06-02', light([0, 510], [0, 1_020])],
  ['A5-06-03', (payload) => says(supply(scaled(db(payload, 3), 250, 0, 5)), thousandLux(payload))],
  ['A5-07-01', occupancy1],
  ['A5-07-02', occupancy(false)],
  ['A5-07-03', occupancy(true)],
  ['A5-08-01', lightAndMotion(510, 0, 51)],
  ['A5-08-02', lightAndMotion(1_020, 0, 51)],
  ['A5-08-03', lightAndMotion(1_530, -30, 50)],
  ['A5-09-04', carbonDioxide],
  ...all('A5-10', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], roomPanel),
  ...all('A5-10', [0x10, 0x11, 0x12, 0x13, 0x14], roomPanelWithHumidity),
  ['A5-12-01', meter('active-energy-import', 'active-power')],
  ['A5-12-02', meter('gas-volume', undefined)],
  ['A5-12-03', meter('water-volume', undefined)],
  ['A5-13-01', weather],
  ...all('A5-14', [1, 2, 3, 4], doorWithSupply),
  ['A5-20-01', radiator],
  ['A5-30-01', inputWithCell],
  ['A5-30-02', input],
  ['A5-30-03', fourInputs],
]
