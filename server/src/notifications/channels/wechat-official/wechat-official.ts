import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing, Sent } from '../../channel.ts'
import type { Opened, Parts } from '../../provider.ts'
import { answerCode } from '../answers.ts'
import { Endpoint, Name, perMessage, Secret } from '../parts.ts'
import { sendAtWechat } from '../wechat/send.ts'
import { openIdOf, Template, templateData } from '../wechat/template.ts'
import { openTokens } from '../wechat/token.ts'
import { wechatOfficialReader } from './reports.ts'

/** Template messages of a WeChat service account; an address is `oa:` and the open id there. Pushes are set to XML. */
export const schema = body({
  endpoint: Endpoint,
  appId: Name,
  appSecret: Secret,
  /** Both entered at the console, with the address `…/callbacks/wechat-official`. */
  token: Secret,
  encodingAesKey: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{43}$' })),
  templates: perMessage(Template),
  /** Opened instead of the answer link; the link's code goes along as `answer`. */
  miniProgram: Type.Optional(body({ appId: Name, page: Name })),
})
export type WechatOfficialConfig = Static<typeof schema>

export function openWechatOfficial(config: WechatOfficialConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [wechatOfficialReader(config)] }
}

function adapter(config: WechatOfficialConfig, { clock }: Parts): ChannelAdapter {
  const tokens = openTokens(config, clock)
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
      return await sendAtWechat(config.endpoint, '/cgi-bin/message/template/send', order, tokens, signal)
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
