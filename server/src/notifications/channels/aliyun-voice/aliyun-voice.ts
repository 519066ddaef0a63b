import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing, Sent } from '../../channel.ts'
import { Endpoint, type Opened, type Parts, perMessage, Text } from '../../provider.ts'
import { callAliyun } from '../aliyun/rpc.ts'
import { numberMalformed, phoneOf } from '../phone.ts'
import { aliyunVoiceReader } from './reports.ts'

/**
 * Calls through Aliyun (Dyvmsapi 2017-05-25). An alarm is an IvrCall, which collects a key: its template says what happened
 * (`kind`, `at`, `code`) and "press 1 if you are going, 2 if you cannot". What asks for nothing is a SingleCallByTts.
 */
export const aliyunVoice = body({
  accessKeyId: Text,
  accessKeySecret: Text,
  endpoint: Endpoint,
  /** A number bought for calls that collect keys. */
  calledShowNumber: Text,
  templates: perMessage(Text),
  /** What is said after a key; templates without variables. */
  keys: body({ accepted: languages(), declined: languages() }),
  playTimes: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
  keyTimeoutMs: Type.Optional(Type.Integer({ minimum: 1_000, maximum: 30_000 })),
  /** Our own, in the address entered at the console: `…/callbacks/aliyun-voice?key=KEY`. */
  callbackKey: Type.String({ minLength: 16, maxLength: 128 }),
})
export type AliyunVoiceConfig = Static<typeof aliyunVoice>

function languages() {
  return body({ 'zh-CN': Text, en: Text })
}

export function openAliyunVoice(config: AliyunVoiceConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [aliyunVoiceReader(config.callbackKey)] }
}

function adapter(config: AliyunVoiceConfig, { clock, random }: Parts): ChannelAdapter {
  const { accessKeyId, accessKeySecret } = config
  const endpoint = config.endpoint ?? 'https://dyvmsapi.aliyuncs.com'
  const product = { endpoint, version: '2017-05-25', key: { accessKeyId, accessKeySecret }, clock, random }
  return {
    channel: 'voice',
    provider: 'aliyun-voice',
    idempotent: false,
    takes: (address) => typeof phoneOf(address)?.mainland === 'string',
    async send(message, signal): Promise<Sent> {
      const phone = phoneOf(message.address)
      if (!phone) return numberMalformed
      if (phone.mainland === null) return { outcome: 'failed', why: 'number-not-mainland', addressDead: false }
      const asks = message.purpose === 'alarm'
      const query = {
        CalledShowNumber: config.calledShowNumber,
        CalledNumber: phone.mainland,
        PlayTimes: String(config.playTimes ?? 2),
        OutId: message.id.slice(-outIdBytesMax),
        ...(asks ? collecting(config, message) : telling(config, message)),
      }
      return await callAliyun(product, asks ? 'IvrCall' : 'SingleCallByTts', query, 'CallId', signal)
    },
  }
}

/** Too short for a whole id, so reports are matched by the call's id; this much is for a person at the console. */
const outIdBytesMax = 15

const variables = ({ event: kind, facts: { at, code } }: Outgoing): string => JSON.stringify({ kind, at, code })

const collecting = (config: AliyunVoiceConfig, message: Outgoing): Record<string, string> => ({
  StartCode: config.templates[message.purpose][message.language],
  StartTtsParams: variables(message),
  'MenuKeyMap.1.Key': '1',
  'MenuKeyMap.1.Code': config.keys.accepted[message.language],
  'MenuKeyMap.2.Key': '2',
  'MenuKeyMap.2.Code': config.keys.declined[message.language],
  Timeout: String(config.keyTimeoutMs ?? 8_000),
})
const telling = (config: AliyunVoiceConfig, message: Outgoing): Record<string, string> => ({
  TtsCode: config.templates[message.purpose][message.language],
  TtsParam: variables(message),
})
