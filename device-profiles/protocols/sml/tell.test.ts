import { absent, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { crc16X25 } from '../../src/crc.ts'
import { sml } from './tell.ts'
import { scaledText } from './values.ts'

/** A file around these bytes, filled and escaped as the transport does it. */
const fileOf = (content: Uint8Array) => {
  const fill = (4 - (content.byteLength % 4)) % 4
  const filled = Uint8Array.of(...content, ...new Uint8Array(fill))
  const escaped: number[] = []
  for (let at = 0; at < filled.byteLength; at += 4) {
    const four = [...filled.subarray(at, at + 4)]
    escaped.push(...four, ...(four.every((byte) => byte === 0x1b) ? four : []))
  }
  const open = [0x1b, 0x1b, 0x1b, 0x1b, 1, 1, 1, 1, ...escaped, 0x1b, 0x1b, 0x1b, 0x1b, 0x1a, fill]
  const crc = crc16X25(Uint8Array.from(open))
  return Uint8Array.of(...open, crc & 0xff, crc >> 8)
}
/** One GetList response with these entries (hex). */
const list = (...entries: string[]) => listOf('0A 0B', ...entries)
const listOf = (server: string, ...entries: string[]) => {
  const body = `77 01 ${(bytesOfHex(server).length + 1).toString(16).padStart(2, '0')} ${server} 01 01 ${(0x70 + entries.length).toString(16)} ${entries.join(' ')} 01 01`
  return fileOf(bytesOfHex(`76 02 01 62 00 62 00 72 63 07 01 ${body} 63 00 00 00`))
}
const read = (bytes: Uint8Array) => {
  const [telling] = sml.read({ bytes, topic: '' })
  if (telling?.is !== 'told') return telling
  return { ...telling, readings: Object.fromEntries(telling.readings.map((one) => [one.point, one.reading])) }
}

test('values are scaled without a double in between, and read in our units', () => {
  const file = list(
    '77 07 01 00 01 08 00 FF 01 01 62 1E 52 FF 56 00 08 D1 CF 1B 01',
    '77 07 01 00 10 07 00 FF 01 01 62 1B 52 00 53 FF 38 01',
    '77 07 01 00 20 07 00 FF 01 01 62 23 52 FF 63 08 FC 01',
    '77 07 01 00 60 01 00 FF 01 01 01 01 04 45 4D 48 01',
  )
  expect(read(file)).toMatchObject({
    frame: { serverId: '0A0B', count: 4, values: { '1-0:96.1.0*255': { value: 'EMH' } } },
    readings: {
      'active-energy': reading(14_796.7771),
      'active-power-net': reading(-200),
      'voltage-a': reading(230),
    },
  })
})

test('a value without its unit is absent, and so is one in another unit than its code', () => {
  const file = list(
    '77 07 01 00 01 08 00 FF 01 01 01 52 FF 62 05 01',
    '77 07 01 00 02 08 00 FF 01 01 62 1B 52 00 62 05 01',
  )
  expect(read(file)).toHaveProperty('readings', {
    'active-energy': absent('invalid'),
    'active-energy-reverse': absent('invalid'),
  })
})

test('a power of ten that no number has is no value, and takes no time', () => {
  const file = list('77 07 01 00 01 08 00 FF 01 01 62 1E 55 80 00 00 00 62 05 01')
  expect(read(file)).toMatchObject({
    frame: { values: { '1-0:1.8.0*255': { value: null } } },
    readings: { 'active-energy': absent('invalid') },
  })
})

test.for([
  ['59 00 00 00 00 00 00 30 39', 12.345],
  ['59 FF FF FF FF FF FF FF FB', -0.005],
  ['69 00 2B DC 54 5D 6B 4B 87', absent('invalid')],
] as const)('eight bytes %s are read to the last digit', ([bytes, kilowattHours]) => {
  const file = list(`77 07 01 00 01 08 00 FF 01 01 62 1E 52 00 ${bytes} 01`)
  const given = typeof kilowattHours === 'number' ? reading(kilowattHours) : kilowattHours
  expect(read(file)).toHaveProperty('readings', { 'active-energy': given })
})

test('four escapes in a row inside are one value', () => {
  // The number stands where four 1B are at a multiple of four: that is where the transport doubles them.
  for (let shift = 1; shift <= 4; shift++) {
    const name = `${(shift + 1).toString(16).padStart(2, '0')} ${'41'.repeat(shift)}`
    const body = `77 01 ${name} 01 01 71 77 07 01 00 01 08 00 FF 01 01 62 1E 52 00 65 1B 1B 1B 1B 01 01 01`
    const file = fileOf(bytesOfHex(`76 02 01 62 00 62 00 72 63 07 01 ${body} 63 00 00 00`))
    expect(read(file)).toHaveProperty('readings', { 'active-energy': reading(454_761.243) })
  }
})

/** In hundredths of watts. */
const power = (bytes: string) => `77 07 01 00 10 07 00 FF 01 01 62 1B 52 FE ${bytes} 01`
test.for([
  // Numbers of the meters whose maker has told: 42 082 910 drops zeros, 40 051 478 and 60 694 611 do not.
  ['shortened above zero', '0A 01 44 5A 47 00 02 82 22 5E', '53 8B 28', 356.24],
  ['shortened far above zero', '0A 01 44 5A 47 00 02 82 22 5E', '54 80 00 00', 83_886.08],
  ['below zero in full', '0A 01 44 5A 47 00 02 82 22 5E', '55 FF FE 13 93', -1_260.61],
  ['of another series', '0A 01 44 5A 47 00 02 63 23 16', '53 86 A8', -310.64],
  ['of another series, three bytes', '0A 01 44 5A 47 00 02 63 23 16', '54 FE CB FD', -788.51],
  ['of a later series', '0A 01 44 5A 47 00 03 9E 20 53', '53 D6 CA', -105.5],
] as const)('a power %s is read with its sign', ([, server, bytes, watts]) => {
  expect(read(listOf(server, power(bytes)))).toHaveProperty('readings', { 'active-power-net': reading(watts) })
})

test.for([
  ['a list that never ends', '76 02 01'],
  ['lists in each other without end', '71 '.repeat(40)],
  ['a number of nine bytes', '6A 00 00 00 00 00 00 00 00 00'],
  ['a length shorter than itself', '80 01'],
  ['a length of five bytes', '80 80 80 80 80'],
  ['a type that is none', '32 00'],
  ['a list of millions', 'F9 8F 8F 8F 0F'],
] as const)('%s is refused', ([, hex]) => {
  expect(read(fileOf(bytesOfHex(hex)))).toMatchObject({ is: 'refused', code: 'frame-malformed' })
})

test.for([
  [147_967_771n, -1, '14796777.1'],
  [-5n, -2, '-0.05'],
  [0n, 3, '0'],
  [12n, 2, '1200'],
  [12n, 0, '12'],
  [12n, -2, '0.12'],
] as const)('%d with scaler %d is %s', ([value, scaler, text]) => {
  expect(scaledText(value, scaler)).toBe(text)
})
