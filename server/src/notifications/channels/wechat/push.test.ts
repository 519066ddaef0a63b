import { describe, expect, test } from 'vitest'
import { pushedByWechat } from '../../../../../tests/harness/providers/wechat.ts'
import { readPush, wechatSignature } from './push.ts'

const base = 'https://anju.example.cn/api/v1/callbacks/wechat-official'
const plain = { appId: 'wx0123456789abcdef', token: 'AAAAA' }
const safe = { ...plain, encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
const xml = '<xml><MsgType><![CDATA[event]]></MsgType><MsgID>3451239876543210987</MsgID><Later>?</Later></xml>'
const fields = { MsgType: 'event', MsgID: '3451239876543210987', Later: '?' }
const wrong = expect.objectContaining({ code: 'credentials-wrong' })

// The example of "message push": token AAAAA.
const published = 'signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492'
test('the published signature', () => {
  expect(wechatSignature('AAAAA', '1714036504', '1514711492')).toBe('f464b24fc39322e44b38aa78f5edd27bd1441696')
})
test('the console’s check is answered with what it sent, as plain text', () => {
  const url = `${base}?${published}&echostr=4375120948345356249`
  const request = { method: 'GET' as const, url, headers: {}, body: Buffer.alloc(0) }
  expect(readPush(request, 'wechat-official', safe)).toEqual({
    is: 'check',
    answer: { status: 200, contentType: 'text/plain; charset=utf-8', body: '4375120948345356249' },
  })
  expect(() => readPush({ ...request, url: url.replace('f464', 'f465') }, 'wechat-official', plain)).toThrow(wrong)
  expect(() => readPush({ ...request, url: `${base}?${published}` }, 'wechat-official', plain)).toThrow(
    'echostr: missing',
  )
})

describe('plain mode', () => {
  const request = pushedByWechat(base, plain, xml)
  test('is read, ids digit by digit', () => {
    expect(readPush(request, 'wechat-official', plain)).toEqual({ is: 'message', fields, encrypted: false })
  })
  test.for([
    { what: 'another nonce', url: request.url.replace('1514711492', '1514711493') },
    { what: 'no signature', url: base },
    { what: 'another account’s token', url: request.url, token: 'BBBBB' },
  ])('$what is refused', ({ url, token = plain.token }) => {
    expect(() => readPush({ ...request, url }, 'wechat-official', { ...plain, token })).toThrow(wrong)
  })
  test('is refused where safe mode is agreed', () => {
    expect(() => readPush(request, 'wechat-official', safe)).toThrow('Encrypt: missing')
  })
  test.for([
    { body: 'not xml', says: 'body: not XML' },
    { body: '<xml><a></xml>', says: 'body: not XML' },
    { body: '<xml></xml>', says: 'body: no <xml> with fields' },
    { body: '<html><a>b</a></html>', says: 'body: no <xml> with fields' },
    { body: '', says: 'body: not XML' },
  ])('garbage "$body": $says', ({ body, says }) => {
    expect(() => readPush({ ...request, body: Buffer.from(body) }, 'wechat-official', plain)).toThrow(says)
  })
  test('entities are left as they are: none grows', () => {
    const body = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><xml><Event>&a;&a;</Event></xml>'
    expect(readPush({ ...request, body: Buffer.from(body) }, 'wechat-official', plain)).toMatchObject({
      fields: { Event: '&a;&a;' },
    })
  })
})

describe('safe mode', () => {
  const request = pushedByWechat(base, safe, xml)
  test('is opened', () => {
    expect(readPush(request, 'wechat-official', safe)).toEqual({ is: 'message', fields, encrypted: true })
  })
  test('words of any length are opened: the padding is right for each', () => {
    for (let chars = 1; chars <= 40; chars++) {
      const said = pushedByWechat(base, safe, `<xml><Content>${'安'.repeat(chars)}</Content></xml>`)
      expect(readPush(said, 'wechat-official', safe)).toMatchObject({ fields: { Content: '安'.repeat(chars) } })
    }
  })
  test('another sealed message under this signature is refused', () => {
    const other = pushedByWechat(base, safe, xml.replace('event', 'text'))
    expect(() => readPush({ ...request, body: other.body }, 'wechat-official', safe)).toThrow(wrong)
  })
  test('sealed with another key, or for another account', () => {
    const key = `B${safe.encodingAesKey.slice(1)}`
    expect(() =>
      readPush(pushedByWechat(base, { ...safe, encodingAesKey: key }, xml), 'wechat-official', safe),
    ).toThrow(/^(?:Encrypt|body): /)
    expect(() => readPush(pushedByWechat(base, { ...safe, appId: 'wxother' }, xml), 'wechat-official', safe)).toThrow(
      'Encrypt: for another account',
    )
  })
})
