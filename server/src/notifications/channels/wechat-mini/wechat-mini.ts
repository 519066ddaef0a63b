import { body, oneOf } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing, Sent } from '../../channel.ts'
import { Endpoint, type Opened, type Parts, perMessage, Text } from '../../provider.ts'
import { answerCode } from '../answers.ts'
import { sendAtWechat } from '../wechat/send.ts'
import { openIdOf, Template, templateData } from '../wechat/template.ts'
import { openTokens } from '../wechat/token.ts'
import { wechatMiniReader } from './reports.ts'

/**
 * Subscribe messages of a WeChat mini-programme; an address is `mp:` and the open id there. A person agrees to each message
 * beforehand, or once for a long-term template; without that WeChat refuses with 43101. Pushes are set to XML.
 */
export const wechatMini = body({
  endpoint: Endpoint,
  appId: Text,
  appSecret: Text,
  /** Both entered at the console, with the address `…/callbacks/wechat-mini`. */
  token: Text,
  encodingAesKey: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{43}$' })),
  templates: perMessage(Template),
  /** Where a touch leads; the answer link's code goes along as `answer`. */
  page: Text,
  state: Type.Optional(oneOf(['formal', 'trial', 'developer'] as const)),
})
export type WechatMiniConfig = Static<typeof wechatMini>

export function openWechatMini(config: WechatMiniConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [wechatMiniReader(config)] }
}

function adapter(config: WechatMiniConfig, { clock }: Parts): ChannelAdapter {
  const sender = { endpoint: config.endpoint, tokens: openTokens(config, clock), clock }
  return {
    channel: 'wechat',
    provider: 'wechat-mini',
    idempotent: false,
    takes: (address) => address.startsWith('mp:'),
    async send(message, signal): Promise<Sent> {
      const openId = openIdOf(message.address, 'mp')
      if (openId === undefined) return { outcome: 'failed', why: 'open-id-malformed', addressDead: true }
      const template = config.templates[message.purpose][message.language]
      const order = {
        touser: openId,
        template_id: template.id,
        page: pageOf(config, message),
        miniprogram_state: config.state ?? 'formal',
        lang: message.language === 'en' ? 'en_US' : 'zh_CN',
        data: templateData(template, message),
      }
      return await sendAtWechat(sender, '/cgi-bin/message/subscribe/send', order, signal)
    },
  }
}

function pageOf({ page }: WechatMiniConfig, message: Outgoing): string {
  const code = answerCode(message)
  return code === null ? page : `${page}?answer=${encodeURIComponent(code)}`
}
