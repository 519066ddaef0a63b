import { absent, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { ByteReader, bytesOfHex } from '../../src/byte-reader.ts'
import { readRecords } from './records.ts'
import { mbus } from './tell.ts'

const records = (hex: string) => readRecords(new ByteReader(bytesOfHex(hex)))

test.for([
  ['an integer below zero', '02 5A F6 FF', { quantity: 'Flow temperature', unit: '°C', value: -1 }],
  ['digits with a minus', '0A 5A 01 F0', { quantity: 'Flow temperature', value: -0.1 }],
  ['digits that are none', '0C 13 0E 00 00 00', { quantity: 'Volume', value: null }],
  ['the standard’s own "no value"', '04 13 00 00 00 80', { quantity: 'Volume', value: null }],
  ['a float', '05 2B 00 00 48 42', { quantity: 'Power', value: 50 }],
  ['a float that is not a number', '05 2B 00 00 C0 7F', { quantity: 'Power', value: null }],
  ['days on', '02 23 02 00', { quantity: 'On time', unit: 's', value: 172_800 }],
  ['a date', '02 6C 41 34', { value: '2026-04-01' }],
  ['no date', '02 6C FF FF', { value: null }],
  ['a time', '04 6D 1D B4 58 34', { value: '2026-04-24T20:29:00Z' }],
  ['a time marked invalid', '04 6D 9D B4 58 34', { value: null }],
  ['a time with seconds', '06 6D 05 1D 14 58 34 00', { value: '2026-04-24T20:29:05Z' }],
  ['an earlier period', 'C4 01 13 01 00 00 00', { storage: 3, value: 0.001 }],
  ['a maximum', '14 2B 01 00 00 00', { function: 'Maximum value', value: 1 }],
  ['tariff and device', '84 60 06 01 00 00 00', { tariff: 2, device: 1, value: 1_000 }],
  ['a text', '0D 78 03 43 42 41', { quantity: 'Fabrication No', value: 'ABC' }],
  ['digits of any length', '0D 13 C2 34 12', { value: 1.234 }],
  ['digits below zero of any length', '0D 5A D1 15', { value: -1.5 }],
  ['a name of its own, corrected by a power of ten', '02 FC 03 48 52 25 74 22 15', { quantity: '%RH', value: 54.1 }],
  ['megawatt hours', '04 FB 00 08 00 00 00', { quantity: 'Energy', unit: 'Wh', value: 800_000, modified: false }],
  ['sixteen bytes', `0D 79 F0 ${'00 '.repeat(15)}A1`, { value: `A1${'00'.repeat(15)}` }],
  ['a clock of 1996', '04 6D 10 09 05 C5', { value: '1996-05-05T09:16:00Z' }],
  ['every year', '02 6C E1 F1', { value: null }],
  ['a reserved quantity', '01 6F 05', { quantity: 'Reserved', value: 5 }],
] as const)('%s', ([, hex, wanted]) => {
  expect(records(hex)).toMatchObject([wanted])
})

test('fillers are skipped, and what is the maker’s own ends the records', () => {
  expect(records('2F 2F 01 13 05 2F 0F 01 02 03')).toHaveLength(1)
  expect(records('1F')).toEqual([])
})

test.for([
  ['cut in its value', '04 13 01 00'],
  ['cut before its quantity', '04'],
  ['eleven data extensions', `84 ${'80 '.repeat(10)}00 13 00 00 00 00`],
  ['eleven value extensions', `01 93 ${'80 '.repeat(10)}00 00`],
  ['a reserved kind', '3F'],
  ['a text longer than the frame', '0D 78 20 41'],
  ['a reserved length', '0D 13 CA'],
] as const)('%s is refused', ([, hex]) => {
  expect(() => records(hex)).toThrow(expect.objectContaining({ code: 'frame-malformed' }) as Error)
})

const answer = (medium: string, hex: string, signature = '00 00') => {
  const body = bytesOfHex(`08 01 72 78 56 34 12 24 40 01 ${medium} 00 00 ${signature} ${hex}`)
  const sum = body.reduce((total, byte) => total + byte, 0) & 0xff
  const [told] = mbus.read({
    bytes: Uint8Array.of(0x68, body.length, body.length, 0x68, ...body, sum, 0x16),
    topic: '',
  })
  if (told?.is !== 'told') throw new Error('not told')
  return { frame: told.frame, readings: Object.fromEntries(told.readings.map((one) => [one.point, one.reading])) }
}

test('readings are of now, of the whole meter, in our units', () => {
  const hex = '04 06 E8 03 00 00  44 06 E7 03 00 00  14 2B 09 00 00 00  04 93 7F 01 00 00 00  0C 13 0E 00 00 00'
  expect(answer('04', hex).readings).toEqual({ 'heat-energy': reading(1_000), volume: absent('invalid') })
  expect(answer('02', '04 03 E8 03 00 00  02 2B F6 FF').readings).toEqual({
    'active-energy': reading(1),
    'active-power': reading(-10),
  })
})

test('an encrypted answer is not misread', () => {
  expect(answer('07', '04 13 01 00 00 00', '20 05')).toMatchObject({ frame: { encrypted: true }, readings: {} })
})

test('an acknowledgement is one when it is alone', () => {
  expect(mbus.read({ bytes: Uint8Array.of(0xe5), topic: '' })).toMatchObject([
    { is: 'told', frame: { acknowledge: true } },
  ])
  expect(mbus.read({ bytes: Uint8Array.of(0xe5, 0xe5), topic: '' })).toMatchObject([{ is: 'refused' }])
})
