import { assertNever, DomainError, type EventType, type Reading } from '@anju/contract'
import type { Decoded, MqttMessage } from '../../src/profile.ts'
import { actionIn, type Properties, readMessage } from './payload.ts'
import { type PropertyPoint, propertyIn } from './points.ts'

/** What a device behind the bridge says, as its profile writes it. */
export interface ZigbeeDevice<Point extends PropertyPoint, More extends string> {
  readonly points: readonly Point[]
  /** A button's words and what each is; null is a word without meaning for us. Any other word is another device's. */
  readonly actions?: Readonly<Record<string, EventType | null>>
  /** What no table can say: a status with more than two words, a press that is a property. */
  readonly more?: (properties: Properties, retained: boolean) => Partial<Record<More, Reading>>
  /** Presses that are properties. Never asked of a retained message. */
  readonly happened?: (properties: Properties) => readonly EventType[]
}

/**
 * A bridge repeats the whole state with each message, so whatever is declared from a property should be a level: an edge is
 * declared again with every battery report.
 * @throws DomainError `payload-malformed`
 */
export const zigbeeDevice =
  <Point extends PropertyPoint, More extends string = never>(device: ZigbeeDevice<Point, More>) =>
  ({ topic, payload, retained }: MqttMessage): Decoded<Point | More> => {
    const message = readMessage(topic, payload)
    const readings: Partial<Record<Point | More, Reading>> = {}
    switch (message.is) {
      case 'state': {
        const { properties } = message
        Object.assign(readings, device.more?.(properties, retained))
        for (const point of device.points) {
          const given = propertyIn(properties, point)
          if (given) readings[point] = given
        }
        const pressed = device.actions ? pressOf(device.actions, actionIn(properties)) : []
        const happened = device.happened?.(properties) ?? []
        // A retained press was made before we listened.
        return { readings, events: retained ? [] : [...pressed, ...happened] }
      }
      // The same press again when the bridge is set to publish attributes too, and the only word of it when it is set to
      // publish nothing else. It is a press; two of one button within a second are one further on.
      case 'action':
        return {
          readings,
          events: device.actions && !retained ? pressOf(device.actions, message.action || undefined) : [],
        }
      case 'availability':
      case 'command':
        return { readings, events: [] }
      default:
        return assertNever(message)
    }
  }

/** A word that is none of the device's means that the profile is wrong for it, and that must be seen. */
function pressOf(actions: Readonly<Record<string, EventType | null>>, action: string | undefined): EventType[] {
  if (action === undefined) return []
  const event = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (event === undefined)
    throw new DomainError('payload-malformed', `action: this button only says ${Object.keys(actions).join(', ')}`, {
      action: action.slice(0, 80),
    })
  return event === null ? [] : [event]
}
