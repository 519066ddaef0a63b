import { expect, test } from 'vitest'
import { bytesOfHex } from '../../src/byte-reader.ts'
import { draginoLorawan } from '../dragino-lorawan/tell.ts'
import { otherLorawan } from './tell.ts'

const other = (fPort: number | undefined, hex: string) =>
  otherLorawan.read({ topic: '', fPort, bytes: bytesOfHex(hex) })
const dragino = (fPort: number, hex: string) => draginoLorawan.read({ topic: '', fPort, bytes: bytesOfHex(hex) })

test.for([
  ['RA02A smoke', 6, '01 0A 01 1C 01 00 00 D2 00 00 00', { events: ['smoke'] }],
  ['R312A pressed', 6, '01 4D 01 1C 01 00 00 00 00 00 00', { events: ['sos-pressed'] }],
  ['R312A alive', 6, '01 4D 01 1C 00 00 00 00 00 00 00', { events: [] }],
  ['R311W, second probe wet', 6, '01 06 01 1C 00 01 00 00 00 00 00', { events: ['water-leak'] }],
  ['versions', 6, '01 0A 00 0A 01 20 17 05 03 00 00', { frame: { versions: '0A01201705030000' }, readings: [] }],
  ['a report that is not known', 6, '01 73 03 00 00 00 00 06 00 00 00', { frame: { report: 3 }, readings: [] }],
  ['R312, a door bell', 6, '01 55 01 1C 01 00 00 00 00 00 00', { frame: { pressed: true }, events: [] }],
  ['TBPB100 let go', 147, '00 FE 37 00 00 04 00 00', { events: [] }],
  [
    'R315 without a thermometer',
    6,
    '01 D2 01 1C 08 48 00 12 FF FF FF',
    { readings: [{}, { reading: { why: 'not-supported' } }, {}] },
  ],
  ['Browan leak', 106, '01 0B 35 32 36', { events: ['water-leak'] }],
  ['Browan door open', 100, '01 0B 35 00 00 01 00 00', { readings: [{}, {}, { reading: { value: 0 } }] }],
] as const)('%s', ([, fPort, hex, tells]) => {
  expect(other(fPort, hex)).toMatchObject([{ is: 'told', ...tells }])
})

test.for([
  ['no port', undefined, '01 0A'],
  ['a command on the port of answers', 7, '01 0A 01 1C 01 00 00 D2 00 00 00'],
  ['another port', 9, '01 0A 01 1C 01 00 00 D2 00 00 00'],
  ['MerryIoT leak of no known length', 126, '01 0F 15 1C 00 00'],
  ['Browan home with something behind', 103, '00 0B 35 20 01'],
  ['Netvox cut off', 6, '01 0A 01 1C 01 00 00 D2 00 00'],
  ['another version', 6, '02 0A 01 1C 01 00 00 D2 00 00 00'],
  ['another device', 6, '01 FF 01 1C 01 00 00 D2 00 00 00'],
  ['Elsys cut off', 5, '01 00 E2 02'],
  ['Elsys with an unknown type', 5, '7F 00'],
  ['Yobiiq cut off', 8, '01 00 5F 02 00'],
  ['Yobiiq empty', 8, ''],
  ['MerryIoT cut off', 120, '00 0F 15 1C 00 00 D2 25'],
  ['Browan with a byte too many', 102, '08 0B 23 2F FF FF FF FF 00'],
] as const)('refused: %s', ([, fPort, hex]) => {
  expect(other(fPort, hex)).toMatchObject([{ is: 'refused' }])
})

test.for([
  ['door open', 10, '8B 88 01 00 1B B3 00 00 00 01', { frame: { alarm: true }, events: [] }],
  ['leak', 10, '4B 88 02 00 00 01 00 00 00 00', { events: ['water-leak'] }],
  ['PB01 pressed', 2, '0C E4 00 01 00 FA 02 58', { events: ['sos-pressed'] }],
  ['PB01 in the cold', 2, '0C E4 03 00 FF F6 02 58', { events: [], readings: [{}, { reading: { value: -1 } }, {}] }],
  ['mode 4', 10, '0B 88 04 00 1B B3 00 00 00 00', { is: 'refused' }],
  [
    'door and leak',
    10,
    'CB 88 03 00 00 00 00 00 00 01',
    { events: ['water-leak'], readings: [{}, { point: 'contact', reading: { value: 0 } }, {}] },
  ],
  ['LHT65, a record of the past', 2, 'CB F6 0B 0D 03 76 41 0A DD 7F FF', { readings: [] }],
  [
    'LHT65, no probe',
    2,
    'CB F6 0B 0D 03 76 81 7F FF 7F FF',
    { readings: [{}, {}, {}, { reading: { why: 'device-fault' } }] },
  ],
  ['eleven bytes of another', 2, '01 00 00 25 00 00 01 60 10 10 10', { is: 'refused' }],
  ['cut off', 10, '0B 88 01 00 1B B3 00 00 00', { is: 'refused' }],
  ['another port', 11, '0B 88 01 00 1B B3 00 00 00 00', { is: 'refused' }],
] as const)('Dragino, %s', ([, fPort, hex, tells]) => {
  expect(dragino(fPort, hex)).toMatchObject([tells])
})
