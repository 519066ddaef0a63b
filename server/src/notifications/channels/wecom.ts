import { minutes } from '@anju/contract'
import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter } from '../channel.ts'
import { byName, type Parts, secureUrl, Text } from '../provider.ts'
import { type Meaning, robotAdapter } from './robot.ts'

/** A robot of a WeCom (企业微信) group: "群机器人", developer.work.weixin.qq.com/document/path/91770. */
export const wecom = body({
  robots: byName(
    body({
      /** What follows `key=` in the address that the robot's page shows. */
      key: Type.String({ pattern: '^[A-Za-z0-9_-]{8,128}$' }),
    }),
  ),
  /** Another host, for a relay. */
  url: Type.Optional(Text),
})

/** From WeCom's global error codes (path/90313). */
const MEANINGS = new Map<number, Meaning>([
  [-1, 'busy'],
  // Twenty messages a minute for each robot.
  [45009, { busyForMs: minutes(1) }],
  [45033, 'busy'],
  // The key is of no robot; the robot was stopped; it is in no group any more.
  [93000, 'dead'],
  [93004, 'dead'],
  [93008, 'dead'],
])

export function openWecom(config: Static<typeof wecom>, { clock }: Pick<Parts, 'clock'>): ChannelAdapter {
  const base = secureUrl(config.url ?? 'https://qyapi.weixin.qq.com', 'wecom.url')
  return robotAdapter(
    {
      channel: 'wecom',
      provider: 'wecom-robot',
      robots: config.robots,
      textBytesMax: 2_048,
      meanings: MEANINGS,
      request({ key }, content, everybody) {
        const url = new URL('/cgi-bin/webhook/send', base)
        url.searchParams.set('key', key)
        return {
          url,
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify({
            msgtype: 'text',
            text: { content, ...(everybody && { mentioned_list: ['@all'] }) },
          }),
        }
      },
    },
    clock,
  )
}
