import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { pushedByWechat } from '../../../../../tests/harness/providers/wechat.ts'
import { wechatMiniReader } from './reports.ts'

const base = 'https://anju.example.cn/api/v1/callbacks/wechat-mini'
const plain = { appId: 'wx0123456789abcdef', token: 'AAAAA' }
const safe = { ...plain, encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
const read = (xml: string, keys: typeof plain | typeof safe = plain) =>
  wechatMiniReader(keys).read(pushedByWechat(base, keys, xml))

// The example of the documentation.
const item = (id: string, code = '0', status = 'success') =>
  `<List><TemplateId><![CDATA[VRR0UEO9]]></TemplateId><MsgID>${id}</MsgID><ErrorCode>${code}</ErrorCode><ErrorStatus><![CDATA[${status}]]></ErrorStatus></List>`
const sent = (...items: string[]) =>
  `<xml><ToUserName><![CDATA[gh_123456789abc]]></ToUserName><FromUserName><![CDATA[otFpruAK8D-E6EfStSYonYSBZ8_4]]></FromUserName><CreateTime>1610969468</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_sent_event]]></Event><SubscribeMsgSentEvent>${items.join('')}</SubscribeMsgSentEvent></xml>`
const report = { provider: 'wechat-mini', id: null, says: 'delivered', why: null, addressDead: false }

test('one or several, in plain mode and in safe mode', () => {
  const [one, two] = ['1700827132819554304', '1700827132819554305']
  for (const keys of [plain, safe]) {
    expect(read(sent(item(one)), keys).reports).toEqual([{ ...report, providerId: one }])
    expect(read(sent(item(two, '43101', 'user refuse'), item(one), item(one)), keys).reports).toEqual([
      { ...report, providerId: two, says: 'failed', why: '43101' },
      { ...report, providerId: one },
      { ...report, providerId: one },
    ])
  }
  expect(read(sent(item(one))).answer.body).toBe('success')
})
test.for(['subscribe_msg_popup_event', 'subscribe_msg_change_event', 'user_enter_tempsession'])(
  '%s is thanked for',
  (event) => {
    expect(read(`<xml><MsgType>event</MsgType><Event>${event}</Event></xml>`)).toMatchObject({
      reports: [],
      answer: { body: 'success' },
    })
  },
)
test('what people write to the mini-programme is not read', () => {
  expect(read('<xml><MsgType>text</MsgType><Content>1</Content></xml>', safe).reports).toEqual([])
})

test('a forged one is refused', () => {
  const forged = pushedByWechat(base, { ...plain, token: 'guessed' }, sent(item('1')))
  expect(() => wechatMiniReader(plain).read(forged)).toThrow(expect.objectContaining({ code: 'credentials-wrong' }))
})
test.for([
  { xml: sent(), says: 'SubscribeMsgSentEvent.List: missing' },
  { xml: sent(item('')), says: 'MsgID: missing' },
  { xml: sent('<List>x</List>'), says: 'MsgID: missing' },
  { xml: sent(item('1', '')), says: 'ErrorCode: missing' },
])('garbage: $says', ({ xml, says }) => {
  expect(() => read(xml)).toThrow(new DomainError('request-malformed', says))
})
