import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { pushedByWechat } from '../../../../../tests/harness/providers/wechat.ts'
import { wechatOfficialReader } from './reports.ts'

const base = 'https://anju.example.cn/api/v1/callbacks/wechat-official'
const plain = { appId: 'wx0123456789abcdef', token: 'AAAAA' }
const safe = { ...plain, encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
const read = (xml: string, keys: typeof plain | typeof safe = plain) =>
  wechatOfficialReader(keys).read(pushedByWechat(base, keys, xml))

// The example of the documentation.
const finished = (status: string, id = '<MsgID>200163836</MsgID>') =>
  `<xml><ToUserName><![CDATA[gh_7f083739789a]]></ToUserName><FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName><CreateTime>1395658920</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>${id}<Status><![CDATA[${status}]]></Status><Extra>1</Extra></xml>`
const report = { provider: 'wechat-official', id: null, providerId: '200163836', why: null, addressDead: false }

test.for([
  { status: 'success', says: 'delivered', why: null },
  { status: 'failed:user block', says: 'failed', why: 'user-block' },
  { status: 'failed: system failed', says: 'failed', why: 'system-failed' },
  { status: 'failed:电话 13900001111', says: 'failed', why: 'status-unknown' },
])('$status is $says $why', ({ status, says, why }) => {
  for (const keys of [plain, safe]) {
    const { reports, answer } = read(finished(status), keys)
    expect(reports).toEqual([{ ...report, says, why }])
    expect([answer.status, answer.body]).toEqual([200, 'success'])
  }
})
test('twice, and late: each push says the same again', () => {
  expect([1, 2].map(() => read(finished('success')).reports[0]?.says)).toEqual(['delivered', 'delivered'])
})

const text = (content: string) =>
  `<xml><ToUserName>gh</ToUserName><FromUserName><![CDATA[oia2TjuEGTNoeX76QEjQNrcURxG8]]></FromUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>1234567890123456</MsgId></xml>`
test('an answer written back counts in safe mode, where the signature covers it', () => {
  expect(read(text('1'), safe).reports).toEqual([
    { ...report, providerId: null, says: 'accepted', from: 'oa:oia2TjuEGTNoeX76QEjQNrcURxG8' },
  ])
  expect(read(text('在路上'), safe).reports).toEqual([])
  expect(read(text('1'), plain).reports).toEqual([])
})
test.for(['subscribe', 'VIEW', 'CLICK'])('%s is thanked for', (event) => {
  const { reports, answer } = read(`<xml><MsgType>event</MsgType><Event>${event}</Event></xml>`)
  expect([reports, answer.body]).toEqual([[], 'success'])
})

test('a forged one is refused', () => {
  const forged = pushedByWechat(base, { ...plain, token: 'guessed' }, finished('success'))
  expect(() => wechatOfficialReader(plain).read(forged)).toThrow(expect.objectContaining({ code: 'credentials-wrong' }))
})
test.for([
  { xml: '<xml><Event>x</Event></xml>', says: 'MsgType: missing' },
  { xml: '<xml><MsgType>event</MsgType></xml>', says: 'Event: missing' },
  { xml: finished('success', ''), says: 'MsgID: missing' },
  { xml: finished('success', '<MsgID><a>1</a></MsgID>'), says: 'MsgID: missing' },
  { xml: finished(''), says: 'Status: missing' },
])('garbage: $says', ({ xml, says }) => {
  expect(() => read(xml)).toThrow(new DomainError('request-malformed', says))
})
