import { type HttpProvider, httpProvider, json } from './http-provider.ts'

export interface FakeRobot extends HttpProvider {
  /** What the group reads, and whether everybody was called. */
  readonly posted: readonly { readonly text: string; readonly everybody: boolean }[]
}

const perMinuteMax = 20
const refused = (errcode: number, errmsg: string) => json({ errcode, errmsg })

/** WeCom's group robot (developer.work.weixin.qq.com/document/path/91770), its errors by path/90313. */
export async function wecomRobot(key: string): Promise<FakeRobot> {
  const posted: { text: string; everybody: boolean }[] = []
  const provider = await httpProvider(({ method, path, query, headers, body }) => {
    if (path !== '/cgi-bin/webhook/send') return { status: 404 }
    if (method !== 'POST') return refused(43002, 'require POST method')
    // Its messages name the caller and carry a hint: nothing for a ledger.
    if (query.get('key') !== key)
      return refused(93000, `invalid webhook url, hint: [17556052], from ip: 127.0.0.1, key: ${query.get('key')}`)
    if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return refused(47001, 'data format error')
    const { msgtype, text } = JSON.parse(body.toString('utf8')) as {
      msgtype?: string
      text?: { content?: unknown; mentioned_list?: unknown }
    }
    if (msgtype !== 'text') return refused(40008, 'invalid message type')
    const content = text?.content
    if (typeof content !== 'string' || content === '') return refused(44004, 'empty content')
    if (Buffer.byteLength(content) > 2_048) return refused(45002, 'content size out of limit')
    if (posted.length >= perMinuteMax) return refused(45009, 'api freq out of limit')
    posted.push({ text: content, everybody: JSON.stringify(text?.mentioned_list) === '["@all"]' })
    return json({ errcode: 0, errmsg: 'ok' })
  })
  return { ...provider, posted }
}
