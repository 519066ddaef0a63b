import { expect, test } from 'vitest'
import { readAnswer } from './answer.ts'
import { gsmAt } from './tell.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const read = (text: string) => gsmAt.read({ topic: '', bytes: bytes(text) })

test.for([
  ['+CSQ: 31,0\r\n\r\nOK\r\n', { frame: { rssiDbm: -51, ber: 0 } }],
  ['+CREG: 0,3\r\nOK\r\n', { frame: { registration: 'denied', usable: false } }],
  ['+CEREG: 5,"1A2B","01234567",7\r\n', { frame: { registration: 'roaming', usable: true } }],
  ['+CPIN: SIM PIN\r\nOK\r\n', { frame: { sim: 'SIM PIN', usable: false } }],
  ['^RSSI: 20\r\n+CSQ: 18,99\r\nOK\r\n', { frame: { lines: ['RSSI', 'CSQ'], rssi: 18 } }],
  ['+CMGS: 12\r\nOK\r\n', { frame: { reference: 12 } }],
  ['ERROR\r\n', { is: 'refused', reason: 'error-result' }],
  ['+CME ERROR: 11\r\n', { is: 'refused', why: '+CME ERROR 11: SIM PIN required' }],
  ['+CMS ERROR: 999\r\n', { is: 'refused', words: { errorCode: 999, meaning: 'not known' } }],
  ['OK\r\n', { is: 'refused', reason: 'no-answer-line' }],
  ['hello\r\n', { is: 'refused', reason: 'not-this-protocol' }],
  ['', { is: 'refused', reason: 'not-this-protocol' }],
] as const)('%j', ([text, tells]) => {
  expect(read(text)).toMatchObject([tells])
})

test('a comma inside quotes separates nothing, and an empty value is one', () => {
  expect(readAnswer(bytes('+CMT: "a,b",,7\r\n')).lines).toEqual([{ name: 'CMT', values: ['a,b', '', '7'] }])
  expect(readAnswer(bytes('+CMT:\r\n')).lines).toEqual([{ name: 'CMT', values: [] }])
})

test('lines without end are refused', () => {
  expect(read('+CSQ: 1,1\r\n'.repeat(65))).toMatchObject([{ is: 'refused' }])
  expect(read(`+CSQ: ${'1'.repeat(600)}`)).toMatchObject([{ is: 'refused' }])
})
