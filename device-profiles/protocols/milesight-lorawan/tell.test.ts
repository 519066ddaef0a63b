import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { milesightLorawan } from './tell.ts'

const read = (hex: string, fPort?: number) => milesightLorawan.read({ topic: '', bytes: bytesOfHex(hex), fPort })

test.for([
  ['status', '03 F8 04 01 00 00 00 00', ['fall-detected']],
  ['alarm 1 as in the decoder', '06 FB 01 00 00 01 00', ['fall-detected']],
  ['alarm 0 as in the manual', '06 FB 01 00 00 00 00', ['fall-detected']],
  ['deactivated', '06 FB 01 00 00 02 00', []],
  ['ignored', '06 FB 01 00 00 03 00', []],
  ['out of bed', '06 FB 01 00 03 01 02', []],
] as const)('VS373, %s', ([, hex, events]) => {
  expect(read(hex, 85)).toMatchObject([{ is: 'told', events }])
})

test.for([
  ['01', 'incomplete'],
  ['01 75', 'incomplete'],
  ['01 75 64 03 67 34', 'incomplete'],
  ['20 CE 9E 74 46', 'incomplete'],
  ['', 'not-this-protocol'],
  ['99 99 01', 'not-this-protocol'],
] as const)('refused: %s', ([hex, reason]) => {
  expect(read(hex)).toMatchObject([{ is: 'refused', reason }])
})

test('another port is another format', () => {
  expect(read('01 75 64', 6)).toMatchObject([{ is: 'refused', reason: 'not-this-protocol' }])
})

test('frost is below zero, and what an unknown channel hides is told', () => {
  expect(read('03 67 F6 FF 99 01 02')).toMatchObject([
    { frame: { unread: '990102' }, readings: [{ point: 'temperature', reading: { value: -1 } }] },
  ])
})

test('history with and without a state, one behind the other', () => {
  expect(read('20 CE 9E 74 46 63 10 01 5D 20 CE 9E 74 46 63 10 01 5D 01')).toMatchObject([
    { frame: { history: [{ temperatureC: 27.2, humidityPct: 46.5 }, { state: true }] }, readings: [] },
  ])
})
