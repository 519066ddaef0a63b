import { assertNever, DomainError } from '@anju/contract'
import { actionIn, numberIn, readMessage, spokenOf } from '../../protocols/zigbee2mqtt/payload.ts'
import type { Decoded, DriverMessages } from '../../src/profile.ts'

type Point = 'battery' | 'link-quality'

export function decode({ topic, payload, retained }: DriverMessages['mqtt']): Decoded<Point> {
  const message = readMessage(topic, payload)
  switch (message.is) {
    case 'state': {
      const { properties } = message
      const pressed = isPress(actionIn(properties))
      return {
        readings: spokenOf({
          battery: numberIn(properties, 'battery'),
          'link-quality': numberIn(properties, 'linkquality'),
        }),
        events: pressed && !retained ? ['sos-pressed'] : [],
      }
    }
    // The same press again when the bridge is set to publish attributes too, and the only word of it when it is set to publish
    // nothing else. It is a press; two of one button within a second are one further on.
    case 'action':
      return { readings: {}, events: isPress(message.action || undefined) && !retained ? ['sos-pressed'] : [] }
    case 'availability':
    case 'command':
      return { readings: {}, events: [] }
    default:
      return assertNever(message)
  }
}

/** The button knows one word. Another one means the profile is wrong for this device, and that must be seen. */
function isPress(action: string | undefined): boolean {
  if (action === undefined) return false
  if (action !== 'emergency')
    throw new DomainError('payload-malformed', 'action: this button only says "emergency"', {
      action: action.slice(0, 80),
    })
  return true
}
