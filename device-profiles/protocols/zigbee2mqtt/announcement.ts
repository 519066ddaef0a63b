import { DomainError } from '@anju/contract'
import { isObject, objectOf, textAt } from '../../src/json-payload.ts'

const SUFFIX = '/bridge/event'
const ANNOUNCES: ReadonlySet<string> = new Set(['device_announce', 'device_joined'])

/**
 * The topic of the device that a bridge says has just come back to the network (zigbee2mqtt, `<base>/bridge/event`); undefined
 * for every other message.
 */
export function announcedTopic(topic: string, payload: Uint8Array): string | undefined {
  if (!topic.endsWith(SUFFIX)) return undefined
  try {
    const event = objectOf(payload)
    const type = textAt(event, 'type')
    const name = isObject(event.data) ? textAt(event.data, 'friendly_name') : undefined
    if (type === undefined || name === undefined || !ANNOUNCES.has(type)) return undefined
    return `${topic.slice(0, -SUFFIX.length)}/${name}`
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}
