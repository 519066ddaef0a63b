import { body } from '@anju/contract/schema'
import Type, { type Static } from 'typebox'
import type { ChannelAdapter } from '../../channel.ts'
import { callbackUrl, Endpoint, type Opened, type Parts, Text } from '../../provider.ts'
import { cut } from '../cut.ts'
import { numberMalformed, phoneOf } from '../phone.ts'
import { createAtTwilio } from '../twilio/api.ts'
import { SAID_AGAIN } from '../twilio/signature.ts'
import { asking, telling } from '../twilio/twiml.ts'
import { LISTENS, twilioVoiceReader } from './reports.ts'

/** Calls through Twilio: what is said goes along with the order to call, and the key comes back to our callback. */
export const twilioVoice = body({
  endpoint: Endpoint,
  accountSid: Type.String({ pattern: '^AC[0-9a-fA-F]{32}$' }),
  authToken: Text,
  from: Type.String({ pattern: '^\\+[1-9]\\d{6,14}$' }),
  /** How long it rings. Beyond half a minute a mailbox answers, and the next person waits. */
  ringS: Type.Optional(Type.Integer({ minimum: 5, maximum: 60 })),
  /** Whether Twilio listens for answering machines: then a mailbox is a failure, and only a person is somebody who was reached. */
  machineDetection: Type.Optional(Type.Boolean()),
})
export type TwilioVoiceConfig = Static<typeof twilioVoice>

const provider = 'twilio-voice'

export function openTwilioVoice(config: TwilioVoiceConfig, parts: Parts): Opened {
  return { adapters: [adapter(config, parts)], readers: [twilioVoiceReader(config.authToken)] }
}

function adapter(config: TwilioVoiceConfig, parts: Parts): ChannelAdapter {
  return {
    channel: 'voice',
    provider,
    idempotent: false,
    takes: (address) => phoneOf(address) !== undefined,
    async send(message, signal) {
      const phone = phoneOf(message.address)
      if (!phone) return numberMalformed
      const { id, language, purpose } = message
      const address = `${callbackUrl(parts, provider)}?id=${id}${config.machineDetection ? `&${LISTENS}=1` : ''}`
      const callback = address + SAID_AGAIN
      const speech = cut(message.words.speech, speechCharsMax)
      const twiml =
        purpose === 'alarm'
          ? asking(language, speech, `${address}&lang=${language}${SAID_AGAIN}`)
          : telling(language, speech)
      const fields = [
        ['To', phone.e164],
        ['From', config.from],
        ['Twiml', twiml],
        ['Timeout', String(config.ringS ?? 30)],
        ['StatusCallback', callback],
        ['StatusCallbackMethod', 'POST'],
        ['StatusCallbackEvent', 'answered'],
        ['StatusCallbackEvent', 'completed'],
        ...(config.machineDetection ? detection(callback) : []),
      ] as const
      return await createAtTwilio(config, 'Calls', fields, parts.clock, signal)
    },
  }
}

/** Said twice and escaped it must fit the 4,000 characters Twilio takes with an order. */
const speechCharsMax = 300

/** Beside the call, not before it: nobody is left in silence while a machine is listened for. */
const detection = (callback: string) =>
  [
    ['MachineDetection', 'Enable'],
    ['AsyncAmd', 'true'],
    ['AsyncAmdStatusCallback', callback],
    ['AsyncAmdStatusCallbackMethod', 'POST'],
  ] as const
