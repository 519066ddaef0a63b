/** What a value is (EN 13757-3 §6.4, tables 10 to 14): its name and unit, and how its number becomes that unit. */
export interface ValueInformation {
  readonly name: string
  readonly unit: string
  readonly kind: 'number' | 'date' | 'date-time' | 'opaque'
  /** What its number is in that unit: times `factor`, times ten to the power of `exponent`. */
  readonly factor: number
  readonly exponent: number
}

const number = (name: string, unit: string, exponent: number): ValueInformation => ({
  name,
  unit,
  kind: 'number',
  factor: 1,
  exponent,
})
const times = (name: string, factor: number): ValueInformation => ({
  name,
  unit: 's',
  kind: 'number',
  factor,
  exponent: 0,
})
const unscaled = (name: string, unit: string, kind: ValueInformation['kind']): ValueInformation => ({
  name,
  unit,
  kind,
  factor: 1,
  exponent: 0,
})
const opaque = (name: string, unit = ''): ValueInformation => unscaled(name, unit, 'opaque')
const DURATIONS = [1, 60, 3_600, 86_400] as const

/** Ranges of eight and four codes whose low bits are the power of ten. */
const RANGES: Ranges = [
  [0x00, 0x07, (n) => number('Energy', 'Wh', n - 3)],
  [0x08, 0x0f, (n) => number('Energy', 'J', n)],
  [0x10, 0x17, (n) => number('Volume', 'm^3', n - 6)],
  [0x18, 0x1f, (n) => number('Mass', 'kg', n - 3)],
  [0x20, 0x23, (n) => times('On time', DURATIONS[n] ?? 1)],
  [0x24, 0x27, (n) => times('Operating time', DURATIONS[n] ?? 1)],
  [0x28, 0x2f, (n) => number('Power', 'W', n - 3)],
  [0x30, 0x37, (n) => number('Power', 'J/h', n)],
  [0x38, 0x3f, (n) => number('Volume flow', 'm^3/h', n - 6)],
  [0x40, 0x47, (n) => number('Volume flow', 'm^3/min', n - 7)],
  [0x48, 0x4f, (n) => number('Volume flow', 'm^3/s', n - 9)],
  [0x50, 0x57, (n) => number('Mass flow', 'kg/h', n - 3)],
  [0x58, 0x5b, (n) => number('Flow temperature', '°C', n - 3)],
  [0x5c, 0x5f, (n) => number('Return temperature', '°C', n - 3)],
  [0x60, 0x63, (n) => number('Temperature difference', 'K', n - 3)],
  [0x64, 0x67, (n) => number('External temperature', '°C', n - 3)],
  [0x68, 0x6b, (n) => number('Pressure', 'bar', n - 3)],
  [0x6c, 0x6c, () => unscaled('Time point (date)', '-', 'date')],
  [0x6d, 0x6d, () => dateTime('Time point (date & time)')],
  [0x6e, 0x6e, () => opaque('H.C.A.', 'Units for H.C.A.')],
  [0x70, 0x73, (n) => times('Averaging Duration', DURATIONS[n] ?? 1)],
  [0x74, 0x77, (n) => times('Actuality Duration', DURATIONS[n] ?? 1)],
  [0x78, 0x78, () => opaque('Fabrication No')],
  [0x79, 0x79, () => opaque('(Enhanced) identification')],
  [0x7a, 0x7a, () => opaque('Bus Address')],
  [0x7f, 0x7f, () => opaque('Manufacturer specific')],
]

const SECONDS_OF_MONTH = 2_629_743.83
const SECONDS_OF_YEAR = 31_556_926
const PERIODS = [...DURATIONS, SECONDS_OF_MONTH, SECONDS_OF_YEAR] as const

type Ranges = readonly (readonly [from: number, to: number, of: (low: number) => ValueInformation])[]
const dateTime = (name: string): ValueInformation => unscaled(name, '-', 'date-time')
const period = (name: string, unit: number) => times(name, PERIODS[unit] ?? 1)

/** The table behind FD. */
const EXTENSION: Ranges = [
  [0x00, 0x03, (n) => number('Credit', 'Currency units', n - 3)],
  [0x04, 0x07, (n) => number('Debit', 'Currency units', n - 3)],
  [0x1c, 0x1c, () => opaque('Baudrate', 'Baud')],
  [0x1d, 0x1d, () => opaque('Response delay time', 'Bittimes')],
  [0x24, 0x29, (n) => period('Storage interval', n)],
  [0x2c, 0x2f, (n) => period('Duration since last readout', n)],
  [0x30, 0x30, () => dateTime('Start of tariff')],
  [0x31, 0x33, (n) => period('Duration of tariff', n + 1)],
  [0x34, 0x39, (n) => period('Period of tariff', n)],
  [0x40, 0x4f, (n) => number('Voltage', 'V', n - 9)],
  [0x50, 0x5f, (n) => number('Current', 'A', n - 12)],
  [0x68, 0x6b, (n) => period('Duration since last cumulation', n + 2)],
  [0x6c, 0x6f, (n) => period('Operating time battery', n + 2)],
  [0x70, 0x70, () => dateTime('Date and time of battery change')],
]
const EXTENSION_NAMES: Readonly<Record<number, string>> = {
  0x08: 'Access Number (transmission count)',
  0x09: 'Medium',
  0x0a: 'Manufacturer',
  0x0b: 'Parameter set identification',
  0x0c: 'Model / Version',
  0x0d: 'Hardware version',
  0x0e: 'Firmware version',
  0x0f: 'Software version',
  0x10: 'Customer location',
  0x11: 'Customer',
  0x12: 'Access Code User',
  0x13: 'Access Code Operator',
  0x14: 'Access Code System Operator',
  0x15: 'Access Code Developer',
  0x16: 'Password',
  0x17: 'Error flags',
  0x18: 'Error mask',
  0x1a: 'Digital Output',
  0x1b: 'Digital Input',
  0x1e: 'Retry',
  0x20: 'First storage # for cyclic storage',
  0x21: 'Last storage # for cyclic storage',
  0x22: 'Size of storage block',
  0x3a: 'Dimensionless',
  0x60: 'Reset counter',
  0x61: 'Cumulation counter',
  0x62: 'Control signal',
  0x63: 'Day of week',
  0x64: 'Week number',
  0x65: 'Time point of day change',
  0x66: 'State of parameter activation',
  0x67: 'Special supplier information',
}

/** By code, from 00 to 7F. */
type Table = readonly (ValueInformation | undefined)[]
const tableOf = (ranges: Ranges): Table =>
  Array.from({ length: 0x80 }, (_, code) => {
    const range = ranges.find(([from, to]) => code >= from && code <= to)
    return range?.[2](code - range[0])
  })

const PRIMARY_TABLE = tableOf(RANGES)
/** The first table. Undefined: reserved, so that nobody knows what the value is. */
export const primaryInformation = (vif: number): ValueInformation | undefined => PRIMARY_TABLE[vif & 0x7f]

const reserved = opaque('Reserved', 'Reserved')
const EXTENSION_TABLE: Table = tableOf(EXTENSION).map((information, code) => {
  const name = EXTENSION_NAMES[code]
  return name === undefined ? information : opaque(name)
})
export const extendedInformation = (vife: number): ValueInformation => EXTENSION_TABLE[vife & 0x7f] ?? reserved

/** The table behind FB: large meters, and what came late. */
const LARGE: Ranges = [
  [0x00, 0x01, (n) => number('Energy', 'Wh', n + 5)],
  [0x02, 0x03, (n) => number('Reactive energy', 'varh', n + 3)],
  [0x04, 0x05, (n) => number('Apparent energy', 'VAh', n + 3)],
  [0x08, 0x09, (n) => number('Energy', 'J', n + 8)],
  [0x10, 0x11, (n) => number('Volume', 'm^3', n + 2)],
  [0x14, 0x17, (n) => number('Reactive power', 'var', n)],
  [0x18, 0x19, (n) => number('Mass', 'kg', n + 5)],
  [0x1a, 0x1b, (n) => number('Relative humidity', '%', n - 1)],
  [0x28, 0x29, (n) => number('Power', 'W', n + 5)],
  [0x2c, 0x2f, (n) => number('Frequency', 'Hz', n - 3)],
  [0x30, 0x31, (n) => number('Power', 'J/h', n + 8)],
  [0x34, 0x37, (n) => number('Apparent power', 'VA', n)],
  [0x74, 0x77, (n) => number('Cold / Warm Temperature Limit', '°C', n - 3)],
  [0x78, 0x7f, (n) => number('Cumul count max power', 'W', n - 3)],
]
const LARGE_TABLE = tableOf(LARGE)
export const largeInformation = (vife: number): ValueInformation => LARGE_TABLE[vife & 0x7f] ?? reserved

/** A correction by a power of ten (70 to 77, 7D): the only further information that leaves a value what it is. */
export function correctionOf(vife: number): number | undefined {
  const code = vife & 0x7f
  if (code >= 0x70 && code <= 0x77) return code - 0x70 - 6
  return code === 0x7d ? 3 : undefined
}

/** A value whose name the meter prints itself (7C). */
export const plainText = (name: string): ValueInformation => opaque(name, '-')
