import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter, Outgoing } from '../../channel.ts'
import { callbackUrl, Endpoint, type Opened, type Parts, Text } from '../../provider.ts'
import { REPLY_PROMPT } from '../answers.ts'
import { cut } from '../cut.ts'
import { numberMalformed, phoneOf } from '../phone.ts'
import { createAtTwilio } from '../twilio/api.ts'
import { SAID_AGAIN } from '../twilio/signature.ts'
import { twilioSmsReader } from './reports.ts'

/** Short messages through Twilio, in our own words. Replies come to the same address as reports, entered with the number. */
export const twilioSms = body({
  endpoint: Endpoint,
  accountSid: Type.String({ pattern: '^AC[0-9a-fA-F]{32}$' }),
  authToken: Text,
  /** A number in E.164, a short code, or a messaging service (`MG…`). */
  from: Text,
  /** Whether what people write back reaches us: a sender of letters or an unset webhook takes no replies. */
  replies: Type.Boolean(),
})
export type TwilioSmsConfig = Static<typeof twilioSms>

const provider = 'twilio-sms'

export function openTwilioSms(config: TwilioSmsConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [twilioSmsReader(config.authToken)] }
}

function adapter(config: TwilioSmsConfig, parts: Parts): ChannelAdapter {
  return {
    channel: 'sms',
    provider,
    idempotent: false,
    takes: (address) => phoneOf(address) !== undefined,
    async send(message, signal) {
      const phone = phoneOf(message.address)
      if (!phone) return numberMalformed
      const fields = [
        ['To', phone.e164],
        [config.from.startsWith('MG') ? 'MessagingServiceSid' : 'From', config.from],
        ['Body', text(message, config.replies)],
        ['StatusCallback', `${callbackUrl(parts, provider)}?id=${message.id}${SAID_AGAIN}`],
      ] as const
      return await createAtTwilio(config, 'Messages', fields, parts.clock, signal)
    },
  }
}

/** Twilio refuses anything longer (21617). */
const textCharsMax = 1_600

/** What must not be cut stands behind what may be. */
function text({ words, purpose, language, answerUrl }: Outgoing, replies: boolean): string {
  const tail = [answerUrl ?? '', purpose === 'alarm' && replies ? REPLY_PROMPT[language] : ''].filter(Boolean)
  const end = tail.map((line) => `\n${line}`).join('')
  return cut(`${words.title}\n${words.body}`, textCharsMax - end.length) + end
}
