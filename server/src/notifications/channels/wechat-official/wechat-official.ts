import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing, Sent } from '../../channel.ts'
import { Endpoint, type Opened, type Parts, perMessage, Text } from '../../provider.ts'
import { answerCode } from '../answers.ts'
import { sendAtWechat } from '../wechat/send.ts'
import { openIdOf, Template, templateData } from '../wechat/template.ts'
import { openTokens } from '../wechat/token.ts'
import { wechatOfficialReader } from './reports.ts'

/** Template messages of a WeChat service account; an address is `oa:` and the open id there. Pushes are set to XML. */
export const wechatOfficial = body({
  endpoint: Endpoint,
  appId: Text,
  appSecret: Text,
  /** Both entered at the console, with the address `…/callbacks/wechat-official`. */
  token: Text,
  encodingAesKey: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{43}$' })),
  templates: perMessage(Template),
  /** Opened instead of the answer link; the link's code goes along as `answer`. */
  miniProgram: Type.Optional(body({ appId: Text, page: Text })),
})
export type WechatOfficialConfig = Static<typeof wechatOfficial>

export function openWechatOfficial(config: WechatOfficialConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [wechatOfficialReader(config)] }
}

function adapter(config: WechatOfficialConfig, { clock }: Parts): ChannelAdapter {
  const sender = { endpoint: config.endpoint, tokens: openTokens(config, clock), clock }
  return {
    channel: 'wechat',
    provider: 'wechat-official',
    // By `client_msg_id`, for ten minutes: longer than anything is tried again.
    idempotent: true,
    takes: (address) => address.startsWith('oa:'),
    async send(message, signal): Promise<Sent> {
      const openId = openIdOf(message.address, 'oa')
      if (openId === undefined) return { outcome: 'failed', why: 'open-id-malformed', addressDead: true }
      const template = config.templates[message.purpose][message.language]
      const order = {
        touser: openId,
        template_id: template.id,
        client_msg_id: message.id,
        ...opening(config, message),
        data: templateData(template, message),
      }
      return await sendAtWechat(sender, '/cgi-bin/message/template/send', order, signal)
    },
  }
}

function opening({ miniProgram }: WechatOfficialConfig, message: Outgoing): object {
  const { answerUrl } = message
  if (answerUrl === null) return {}
  const code = answerCode(message)
  if (!miniProgram || code === null) return { url: answerUrl }
  const pagepath = `${miniProgram.page}?answer=${encodeURIComponent(code)}`
  return { url: answerUrl, miniprogram: { appid: miniProgram.appId, pagepath } }
}
