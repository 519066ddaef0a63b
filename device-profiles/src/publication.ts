import type { MqttMessage } from './profile.ts'

/** A message as an example of a profile writes it: text as it is, anything else as JSON. */
export const publishedOn =
  (topic: string) =>
  (payload: unknown, { under = '' } = {}): MqttMessage => ({
    topic: under === '' ? topic : `${topic}/${under}`,
    payload: new TextEncoder().encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
  })
