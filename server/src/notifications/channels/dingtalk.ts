import { createHmac } from 'node:crypto'
import { minutes } from '@anju/contract'
import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter } from '../channel.ts'
import { byName, type Parts, secureUrl, Text } from '../provider.ts'
import { type Meaning, robotAdapter } from './robot.ts'

/** A robot of a DingTalk (钉钉) group, secured by a signature (加签): "自定义机器人接入", open.dingtalk.com. */
export const dingtalk = body({
  robots: byName(
    body({
      /** What follows `access_token=` in the address that the robot's page shows. */
      token: Type.String({ pattern: '^[A-Za-z0-9_-]{8,128}$' }),
      secret: Type.String({ pattern: '^SEC[A-Za-z0-9]{16,128}$' }),
    }),
  ),
  /** Another host, for a relay. */
  url: Type.Optional(Text),
})

const MEANINGS = new Map<number, Meaning>([
  [-1, 'busy'],
  // Twenty messages a minute; who sends more is kept out for ten minutes.
  [130101, { busyForMs: minutes(10) }],
  [410100, 'busy'],
  // No such token (300001 and 300005 of old, 400101 today); the group is gone; the robot is stopped; there is none.
  [300001, 'dead'],
  [300005, 'dead'],
  [400101, 'dead'],
  [400013, 'dead'],
  [400102, 'dead'],
  [400106, 'dead'],
  // 310000 (wrong signature, keyword or sender's address), 430101 to 430104 (it dislikes the content) stay refusals: the
  // robot lives, and the same message will not do better a second later.
])

export function openDingtalk(config: Static<typeof dingtalk>, { clock }: Pick<Parts, 'clock'>): ChannelAdapter {
  const base = secureUrl(config.url ?? 'https://oapi.dingtalk.com', 'dingtalk.url')
  return robotAdapter(
    {
      channel: 'dingtalk',
      provider: 'dingtalk-robot',
      robots: config.robots,
      textBytesMax: 4_096,
      meanings: MEANINGS,
      request({ token, secret }, content, isAtAll) {
        const timestamp = String(clock.now())
        const url = new URL('/robot/send', base)
        url.searchParams.set('access_token', token)
        url.searchParams.set('timestamp', timestamp)
        url.searchParams.set('sign', signature(timestamp, secret))
        return {
          url,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify({ msgtype: 'text', text: { content }, at: { isAtAll } }),
        }
      },
    },
    clock,
  )
}

/** The secret is both the key and the end of what is signed: that is how DingTalk defines it. */
const signature = (timestamp: string, secret: string): string =>
  createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
