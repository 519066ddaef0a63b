import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { ID } from '../../../../../tests/harness/providers/message.ts'
import { aliyunSmsReader } from './reports.ts'

const key = 'a-key-of-our-own-1234'
const reader = aliyunSmsReader(key)
const read = (items: unknown, { given = key, method = 'POST' }: { given?: string; method?: 'GET' | 'POST' } = {}) =>
  reader.read({
    method,
    url: `https://anju.example.cn/api/v1/callbacks/aliyun-sms?key=${given}`,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(typeof items === 'string' ? items : JSON.stringify(items)),
  })

// The example of the documentation, with our id.
const delivered = {
  phone_number: '13811110000',
  send_time: '2017-01-01 00:00:00',
  report_time: '2017-01-01 00:00:00',
  success: true,
  err_code: 'DELIVERED',
  err_msg: '用户接收成功',
  sms_size: '1',
  biz_id: '900161^10000187',
  out_id: ID,
}
const report = {
  provider: 'aliyun-sms',
  id: ID,
  providerId: '900161^10000187',
  says: 'delivered',
  why: null,
  addressDead: false,
}

test('a delivery, and the answer Aliyun waits for', () => {
  const { reports, answer } = read([delivered])
  expect(reports).toEqual([report])
  expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { code: 0, msg: 'received' }])
})

test.for([
  { err_code: 'UNKNOWN_SUBSCRIBER', addressDead: true },
  { err_code: 'USER_REJECT', addressDead: true },
  { err_code: 'MOBILE_NOT_ON_SERVICE', addressDead: false },
  { err_code: 'MK:0001', addressDead: false },
])('failed with $err_code', ({ err_code, addressDead }) => {
  expect(read([{ ...delivered, success: false, err_code }]).reports).toEqual([
    { ...report, says: 'failed', why: err_code, addressDead },
  ])
})

test('a batch keeps its order; twice the same is said twice, and what is new in it is no trouble', () => {
  const failed = { ...delivered, success: 'false', err_code: 'X', new_field: {} }
  expect(read([failed, delivered, delivered]).reports.map(({ says }) => says)).toEqual([
    'failed',
    'delivered',
    'delivered',
  ])
  expect(read([]).reports).toEqual([])
})

test('without our id it is known by Aliyun’s', () => {
  expect(read([{ ...delivered, out_id: 'somebody else’s' }]).reports).toMatchObject([
    { id: null, providerId: report.providerId },
  ])
})

const up = {
  phone_number: '13811110000',
  content: '1',
  send_time: '2017-09-01 00:00:00',
  dest_code: '1234',
  sequence_id: '1234567890',
}
test.for([
  { phone_number: '13811110000', content: '1', says: 'accepted' },
  { phone_number: '8613811110000', content: ' 2 ', says: 'declined' },
  { phone_number: '+8613811110000', content: '１', says: 'accepted' },
])('$phone_number wrote back "$content"', ({ says, ...item }) => {
  expect(read([{ ...up, ...item }]).reports).toEqual([
    { provider: 'aliyun-sms', id: null, providerId: null, says, why: null, addressDead: false, from: '+8613811110000' },
  ])
})
test('other words are no answer', () => {
  expect(
    read([
      { ...up, content: '收到' },
      { ...up, content: '12' },
    ]).reports,
  ).toEqual([])
})

test.for(['wrong', '', `${key}x`])('who knows the key "%s" is not Aliyun', (given) => {
  expect(() => read([delivered], { given })).toThrow(expect.objectContaining({ code: 'credentials-wrong' }))
})

test.for([
  { sent: 'no json', says: 'body: not JSON' },
  { sent: { a: 1 }, says: 'body: not an array' },
  { sent: Array.from({ length: 1_001 }, () => delivered), says: 'body: more than 1000 items' },
  { sent: [delivered, 7], says: '[1]: not an object' },
  { sent: [{ ...delivered, success: 'perhaps' }], says: '[0].success: neither true nor false' },
  { sent: [{ success: true }], says: '[0].biz_id: missing, and no out_id of ours' },
  { sent: [{ ...up, phone_number: 'nobody' }], says: '[0].phone_number: not a telephone number' },
  { sent: [{ content: '1' }], says: '[0].phone_number: not a text' },
])('garbage: $says', ({ sent, says }) => {
  expect(() => read(sent)).toThrow(new DomainError('request-malformed', says))
  expect(() => read(sent)).toThrow(expect.objectContaining({ code: 'request-malformed' }))
})
test('a GET is refused', () => {
  expect(() => read([], { method: 'GET' })).toThrow('method: GET is not POST')
})
