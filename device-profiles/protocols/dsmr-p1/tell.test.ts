import { absent, reading } from '@anju/contract'
import { expect, test } from 'vitest'
import { crc16Arc } from '../../src/crc.ts'
import { dsmrP1, instantOf } from './tell.ts'

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0))
const telegram = (...lines: string[]) => {
  const covered = `/ISk5\\2MT382-1000\r\n\r\n${lines.map((line) => `${line}\r\n`).join('')}!`
  return bytesOf(`${covered}${crc16Arc(bytesOf(covered)).toString(16).toUpperCase().padStart(4, '0')}\r\n`)
}
const readingsOf = (bytes: Uint8Array) => {
  const [told] = dsmrP1.read({ bytes, topic: '' })
  return told?.is === 'told' ? Object.fromEntries(told.readings.map(({ point, reading }) => [point, reading])) : told
}

test('electricity in our units, and each meter behind it by what it counts', () => {
  const bytes = telegram(
    '1-0:1.8.1(001581.123*kWh)',
    '1-0:2.7.0(01.210*kW)',
    '1-0:32.7.0(0230.1*V)',
    '1-0:31.7.0(006*A)',
    '0-1:24.1.0(003)',
    '0-1:24.2.1(161129200000W)(00981.443*m3)',
    '0-2:24.1.0(007)',
    '0-2:24.2.1(200512134558S)(00872.234*m3)',
    '0-3:24.1.0(007)',
    '0-3:24.2.1(200512134558S)(00000.500*m3)',
    '0-4:24.1.0(004)',
    '0-4:24.2.1(200512134558S)(000.036*GJ)',
  )
  expect(readingsOf(bytes)).toEqual({
    'active-energy-tariff-1': reading(1581.123),
    'active-power-reverse': reading(1_210),
    'voltage-a': reading(230.1),
    'current-a': reading(6),
    'gas-volume': reading(981.443),
    'water-volume': reading(872.234),
    'water-volume-3': reading(0.5),
    'heat-energy': reading(10),
  })
})

test('the zero of a meter that is not there is no reading of 0', () => {
  const bytes = telegram('0-1:24.1.0(003)', '0-1:24.2.1(632525252525S)(00000.000)', '0-2:24.1.0(003)', '0-2:24.2.1()')
  expect(readingsOf(bytes)).toEqual({ 'gas-volume': absent('invalid') })
})

test('the printed unit is trusted', () => {
  expect(readingsOf(telegram('1-0:1.8.0(00581123*Wh)', '1-0:1.7.0(00244*W)', '1-0:2.7.0(00244)'))).toEqual({
    'active-energy': reading(581.123),
    'active-power': reading(244),
    'active-power-reverse': absent('invalid'),
  })
})

test('a telegram that has lost its CRC is refused when its version has one', () => {
  const [text = ''] = String.fromCharCode(...telegram('1-3:0.2.8(50)', '1-0:1.7.0(00.244*kW)')).split('!')
  expect(readingsOf(bytesOf(`${text}!\r\n`))).toMatchObject({ is: 'refused', reason: 'checksum' })
  const [old = ''] = String.fromCharCode(...telegram('1-0:1.7.0(0000.24*kW)')).split('!')
  expect(readingsOf(bytesOf(`${old}!\r\n`))).toEqual({ 'active-power': reading(240) })
  expect(readingsOf(bytesOf(`${old}!`))).toEqual({ 'active-power': reading(240) })
  expect(readingsOf(bytesOf(`${text}!`))).toMatchObject({ is: 'refused', reason: 'checksum' })
  expect(readingsOf(bytesOf(`${old.replace(')', '')}!\r\n`))).toMatchObject({ is: 'refused', reason: 'malformed' })
})

test.for([
  ['161113205757W', '2016-11-13T19:57:57.000Z'],
  ['200512134558S', '2020-05-12T11:45:58.000Z'],
  ['200229000000W', '2020-02-28T23:00:00.000Z'],
  ['210229000000W', null],
  ['632525252525S', null],
  ['161107190000', null],
  ['', null],
] as const)('%s is the instant %s', ([text, instant]) => {
  expect(instantOf(text)).toBe(instant)
})
