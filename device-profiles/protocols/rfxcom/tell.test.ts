import { absent, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { rfxcom } from './tell.ts'

const read = (hex: string) => {
  const [telling] = rfxcom.read({ bytes: bytesOfHex(hex), topic: '' })
  if (telling?.is !== 'told') return telling
  const readings = Object.fromEntries(telling.readings.map(({ point, reading }) => [point, reading]))
  return { ...telling, readings }
}

test.for([
  ['a panic button', '08 20 02 00 FF AA 00 06 89', ['sos-pressed'], { tamper: reading(0) }],
  ['a panic button, opened', '08 20 02 00 FF AA 00 86 89', ['sos-pressed'], { tamper: reading(1) }],
  ['its end, which ends nothing of ours', '08 20 02 00 FF AA 00 07 89', [], { tamper: reading(0) }],
  ['a smoke detector saying panic', '08 20 03 00 FF AA 00 06 89', ['smoke'], { tamper: reading(0), smoke: reading(1) }],
  ['an RM174RF saying panic', '08 20 0A 00 FF AA 00 06 89', ['smoke'], { tamper: reading(0), smoke: reading(1) }],
  [
    'a panic button of Meiantech, which is no smoke detector',
    '08 20 08 00 FF AA 00 06 89',
    ['sos-pressed'],
    { tamper: reading(0) },
  ],
  ['a smoke detector at rest', '08 20 09 00 FF AA 00 00 89', [], { tamper: reading(0), smoke: reading(0) }],
  ['a low cell', '08 20 00 00 FF AA 00 16 80', ['battery-low'], { tamper: reading(0) }],
  ['an opened door, whose meaning is its profile’s', '08 20 00 00 FF AA 00 02 89', [], { tamper: reading(0) }],
] as const)('%s', ([, hex, events, readings]) => {
  expect(read(hex)).toMatchObject({ is: 'told', events })
  expect(read(hex)).toHaveProperty('readings', readings)
})

test.for([
  ['08 50 01 00 70 02 80 15 89', { temperature: reading(-2.1) }],
  ['08 51 01 00 70 02 2D 00 89', { humidity: reading(45) }],
  ['0A 52 01 00 70 02 00 A7 FF 00 89', { temperature: reading(16.7), humidity: absent('invalid') }],
  [
    '0D 59 01 00 2E B2 03 00 0A 00 00 03 E8 69',
    { 'current-a': reading(1), 'current-b': reading(0), 'current-c': reading(100) },
  ],
  [
    '11 5A 01 00 2E B2 03 00 00 02 B4 00 00 0C 46 A8 11 69',
    { 'active-power': reading(692), 'active-energy': reading(0x0c46a811 / 223_666) },
  ],
  [
    '11 5A 02 00 2E B2 03 00 00 02 B4 00 00 00 00 00 00 69',
    { 'active-power': reading(692), 'active-energy': absent('not-reported') },
  ],
] as const)('%s', ([hex, readings]) => {
  expect(read(hex)).toHaveProperty('readings', readings)
})

test('a 433 MHz button has a code, and raises nothing by itself', () => {
  expect(read('09 13 00 00 01 02 03 01 5E 50')).toMatchObject({ frame: { code: '010203', pulseUs: 350 }, events: [] })
})

test('a length that its type does not have is noise', () => {
  expect(read('09 20 00 4D D3 DC 54 00 89 00')).toMatchObject({ is: 'refused', reason: 'not-this-protocol' })
  expect(read('08 20 00 4D D3 DC 54 00')).toMatchObject({ is: 'refused', reason: 'incomplete' })
})
