import { absent, reading } from '@anju/contract'
import { describe, expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { crc8 } from '../../src/crc.ts'
import { equipmentProfiles } from './equipment-profiles.ts'
import { esp3 } from './tell.ts'

const packet = (data: string, optional = '', type = 1) => {
  const [body, more] = [bytesOfHex(data), bytesOfHex(optional)]
  const head = Uint8Array.of(body.length >> 8, body.length & 0xff, more.length, type)
  const rest = Uint8Array.of(...body, ...more)
  return Uint8Array.of(0x55, ...head, crc8(head), ...rest, crc8(rest))
}
const SENDER = '01 02 03 04 30'
const read = (data: string, device?: string) => {
  const [telling] = esp3.read({ bytes: packet(`${data} ${SENDER}`), topic: '', device })
  if (telling?.is !== 'told') return telling
  return {
    ...telling,
    readings: Object.fromEntries(telling.readings.map(({ point, reading }) => [point, reading])),
  }
}

describe('with its equipment profile', () => {
  test.for([
    ['A5-02-05', 'A5 00 00 FF 08', { temperature: reading(0) }],
    ['A5-02-05', 'A5 00 00 00 08', { temperature: reading(40) }],
    ['A5-02-05', 'A5 00 00 55 08', { temperature: reading(6_800 / 255) }],
    ['A5-02-01', 'A5 00 00 80 08', { temperature: reading(-5_120 / 255) }],
    ['A5-04-01', 'A5 00 7D 7D 0A', { humidity: reading(50), temperature: reading(20) }],
    [
      'A5-09-04',
      'A5 64 5A 6E 08',
      { 'carbon-dioxide': reading(900), humidity: absent('not-supported'), temperature: absent('not-supported') },
    ],
    ['A5-12-03', 'A5 00 04 D2 0B', { 'water-volume': reading(1.234) }],
    ['D2-01-0B', 'D2 07 80 00 00 00 02', { 'active-power': reading(2_000) }],
    ['D2-01-0B', 'D2 07 00 00 36 EE 80', { 'active-energy': reading(1) }],
    [
      'D2-14-41',
      'D2 99 19 00 64 08 00 00 00 10',
      { temperature: reading(21.2), humidity: reading(50), illuminance: reading(800), contact: reading(1) },
    ],
    ['F6-10-00', 'F6 90', { contact: absent('invalid') }],
    ['A5-04-01', 'A5 00 7D 7D 08', { humidity: reading(50), temperature: absent('not-supported') }],
    ['A5-04-01', 'A5 00 FF FF 0A', { humidity: absent('invalid'), temperature: absent('invalid') }],
    ['A5-07-01', 'A5 00 00 80 08', { motion: reading(1) }],
    ['A5-07-01', 'A5 00 00 7F 08', { motion: reading(0) }],
    ['D5-00-01', 'D5 09', { contact: reading(1) }],
    ['D5-00-01', 'D5 08', { contact: reading(0) }],
    ['F6-05-01', 'F6 11', { 'water-leak': reading(1) }],
    ['F6-05-01', 'F6 00', { 'water-leak': reading(0) }],
    ['F6-05-01', 'F6 42', { 'water-leak': absent('invalid') }],
    ['F6-05-02', 'F6 10', { smoke: reading(1) }],
    ['F6-05-02', 'F6 30', {}],
  ] as const)('%s: %s', ([eep, data, readings]) => {
    expect(read(data, eep)).toMatchObject({ is: 'told', frame: { eep } })
    expect(read(data, eep)).toHaveProperty('readings', readings)
  })

  test('smoke, a leak and a low cell are events', () => {
    expect(read('F6 11', 'F6-05-01')).toMatchObject({ events: ['water-leak'] })
    expect(read('F6 10', 'F6-05-02')).toMatchObject({ events: ['smoke'] })
    expect(read('F6 30', 'F6-05-02')).toMatchObject({ events: ['battery-low'] })
    expect(read('F6 00', 'F6-05-02')).toMatchObject({ events: [] })
  })

  test('a telegram of another kind is refused, and so is a profile nobody knows', () => {
    expect(read('D5 09', 'A5-02-05')).toMatchObject({ is: 'refused', code: 'frame-unknown' })
    for (const device of ['A5-02-99', 'A5', '', 'constructor'])
      expect(read('D5 09', device)).toMatchObject({ is: 'refused', code: 'request-malformed' })
    expect(equipmentProfiles.length).toBeGreaterThan(40)
    for (const eep of equipmentProfiles) expect(eep).toMatch(/^[0-9A-F]{2}-[0-9A-F]{2}-[0-9A-F]{2}$/)
  })
})

test('without one, only what its kind leaves no doubt about is read', () => {
  expect(read('A5 00 00 55 08')).toMatchObject({ is: 'told', frame: { eep: null }, readings: {} })
  expect(read('D5 08')).toMatchObject({ frame: { eepAssumed: true }, readings: { contact: reading(0) } })
  expect(read('F6 50')).toMatchObject({ frame: { pressed: true, button: 'BI' } })
  expect(read('F6 00')).toMatchObject({ frame: { pressed: false, button: null } })
})

test('a device that asks to be taught in reports nothing', () => {
  expect(read('D5 00')).toMatchObject({ frame: { teachIn: true }, readings: {} })
  expect(read('A5 08 28 46 80', 'A5-02-05')).toMatchObject({ frame: { teachIn: true, eep: 'A5-02-05' }, readings: {} })
  // UTE: D2-01-12, as its last three bytes say, backwards.
  expect(read('D4 A0 FF 46 00 12 01 D2')).toMatchObject({ frame: { teachIn: true, eep: 'D2-01-12' }, readings: {} })
})

test.for(['A5 00 00 08', 'F6 10 20', 'D5 09 09', 'D2'])('%s is too short or too long for its kind', (data) => {
  expect(read(data)).toMatchObject({ is: 'refused', code: 'frame-malformed' })
})

test('a response is no telegram', () => {
  expect(esp3.read({ bytes: packet('00 FF 9E 55 00', '0A', 2), topic: '' })).toMatchObject([
    { is: 'told', frame: { packetType: 2 }, readings: [] },
  ])
})
