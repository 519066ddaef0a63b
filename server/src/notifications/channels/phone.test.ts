import { expect, test } from 'vitest'
import { message } from '../../../../tests/harness/providers/message.ts'
import { answerCode, answerOf, replyOf } from './answers.ts'
import { phoneOf } from './phone.ts'

test.for([
  { address: '13900001111', e164: '+8613900001111', mainland: '13900001111', mainlandMobile: true },
  { address: '+8613900001111', e164: '+8613900001111', mainland: '13900001111', mainlandMobile: true },
  { address: '+8657112345678', e164: '+8657112345678', mainland: '057112345678', mainlandMobile: false },
  { address: '+861062345678', e164: '+861062345678', mainland: '01062345678', mainlandMobile: false },
  { address: '+85298765432', e164: '+85298765432', mainland: null, mainlandMobile: false },
])('$address is a number', ({ address, ...phone }) => {
  expect(phoneOf(address)).toEqual(phone)
})

test.for([
  '',
  '1390000111',
  '139000011112',
  '12900001111',
  '057112345678',
  '+8612345',
  '139 0000 1111',
  '+0139000011',
  'tel:+8613900001111',
  '+86139000011112',
])('"%s" is none', (address) => {
  expect(phoneOf(address)).toBeUndefined()
})

test.for([
  ['1', 'accepted'],
  [' 2\n', 'declined'],
  ['１', 'accepted'],
  ['12', undefined],
  ['1 min', undefined],
  ['', undefined],
  ['T', undefined],
] as const)('"%s" answers %s', ([text, says]) => {
  expect(answerOf(text)).toBe(says)
})

test.for([
  ['1', { says: 'accepted' }],
  ['1 A1B2C3', { says: 'accepted', code: 'A1B2C3' }],
  ['２　ａ1b2c3', { says: 'declined', code: 'A1B2C3' }],
  ['1，aOb2lI', { says: 'accepted', code: 'A0B211' }],
  ['1A1B2C3', { says: 'accepted', code: 'A1B2C3' }],
  ['1 A1B2C', undefined],
  ['A1B2C3', undefined],
  ['12', undefined],
] as const)('"%s" written back', ([text, said]) => {
  expect(replyOf(text)).toEqual(said)
})

test('the code of an answer link is its last part', () => {
  expect(answerCode(message())).toBe('7Kq2ZP9w')
  expect(answerCode(message({ answerUrl: 'https://a.cn/a/C1?x=1#y' }))).toBe('C1')
  expect(answerCode(message({ answerUrl: null }))).toBeNull()
})
