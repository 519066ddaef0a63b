import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing, Sent } from '../../channel.ts'
import { Endpoint, type Opened, type Parts, perMessage, Text } from '../../provider.ts'
import { callAliyun } from '../aliyun/rpc.ts'
import { answerCode } from '../answers.ts'
import { cut } from '../cut.ts'
import { numberMalformed, phoneOf } from '../phone.ts'
import { aliyunSmsReader } from './reports.ts'

/**
 * Short messages through Aliyun (Dysmsapi 2017-05-25, SendSms). The words are templates approved beforehand, with the
 * variables `kind`, `at`, `code` and, where an answer is asked for, `answer`: the last part of the answer link, because a
 * link itself is refused as a variable.
 */
export const aliyunSms = body({
  accessKeyId: Text,
  accessKeySecret: Text,
  endpoint: Endpoint,
  signName: Text,
  templates: perMessage(Text),
  /** Our own, in the addresses entered at the console for reports and replies: `…/callbacks/aliyun-sms?key=KEY`. */
  callbackKey: Type.String({ minLength: 16, maxLength: 128 }),
})
export type AliyunSmsConfig = Static<typeof aliyunSms>

export function openAliyunSms(config: AliyunSmsConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [aliyunSmsReader(config.callbackKey)] }
}

function adapter(config: AliyunSmsConfig, { clock, random }: Parts): ChannelAdapter {
  const { accessKeyId, accessKeySecret } = config
  const endpoint = config.endpoint ?? 'https://dysmsapi.aliyuncs.com'
  const product = { endpoint, version: '2017-05-25', key: { accessKeyId, accessKeySecret }, clock, random }
  return {
    channel: 'sms',
    provider: 'aliyun-sms',
    // "None of the message services supports idempotence" (SendSms, notes).
    idempotent: false,
    takes: (address) => phoneOf(address)?.mainlandMobile ?? false,
    async send(message, signal): Promise<Sent> {
      const phone = phoneOf(message.address)
      if (!phone) return numberMalformed
      // Numbers abroad need other templates and another contract; the number itself may be a good one.
      if (phone.mainland === null) return { outcome: 'failed', why: 'number-not-mainland', addressDead: false }
      if (!phone.mainlandMobile) return { outcome: 'failed', why: 'number-not-mobile', addressDead: true }
      const query = {
        PhoneNumbers: phone.mainland,
        SignName: config.signName,
        TemplateCode: config.templates[message.purpose][message.language],
        TemplateParam: JSON.stringify(variables(message)),
        OutId: message.id,
      }
      return await callAliyun(product, 'SendSms', query, 'BizId', signal)
    },
  }
}

/** Longer ones are refused as a whole (`isv.PARAM_LENGTH_LIMIT`). */
const variableCharsMax = 35

function variables(message: Outgoing): Record<string, string> {
  const { kind, at, code } = message.facts
  const answer = answerCode(message)
  const all = { kind, at, code, ...(answer === null ? {} : { answer }) }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, cut(value, variableCharsMax)]))
}
