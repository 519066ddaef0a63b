import { createHmac } from 'node:crypto'
import type { Clock } from '@anju/contract'
import { httpProvider, json } from './http-provider.ts'
import type { FakeRobot } from './wecom-robot.ts'

const perMinuteMax = 20
const hourMs = 3_600_000
const refused = (errcode: number, errmsg: string) => json({ errcode, errmsg })

/** DingTalk's custom robot with a signature ("自定义机器人接入"). */
export async function dingtalkRobot(token: string, secret: string, clock: Clock): Promise<FakeRobot> {
  const posted: { text: string; everybody: boolean }[] = []
  const provider = await httpProvider(({ method, path, query, headers, body }) => {
    if (path !== '/robot/send' || method !== 'POST') return { status: 404 }
    if (query.get('access_token') !== token) return refused(300005, 'token is not exist')
    const timestamp = query.get('timestamp') ?? ''
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - clock.now()) > hourMs)
      return refused(310000, 'invalid timestamp')
    const expected = createHmac('sha256', secret).update(`${timestamp}\n${secret}`, 'utf8').digest('base64')
    if (query.get('sign') !== expected) return refused(310000, 'sign not match')
    if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return refused(43004, 'invalid Content-Type')
    const { msgtype, text, at } = JSON.parse(body.toString('utf8')) as {
      msgtype?: string
      text?: { content?: unknown }
      at?: { isAtAll?: unknown }
    }
    if (msgtype !== 'text') return refused(400105, 'unsupported msgtype')
    const content = text?.content
    if (typeof content !== 'string' || content === '') return refused(40035, 'missing text.content')
    if (posted.length >= perMinuteMax) return refused(130101, 'send too fast, exceed 20 times per minute')
    posted.push({ text: content, everybody: at?.isAtAll === true })
    return json({ errcode: 0, errmsg: 'ok' })
  })
  return { ...provider, posted }
}
