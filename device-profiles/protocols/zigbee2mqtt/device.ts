import { assertNever, DomainError, type EventType, type Reading } from '@anju/contract'
import type { Decoded, MqttMessage } from '../../src/profile.ts'
import { attributeIn } from './attribute.ts'
import { actionIn, numberIn, type Properties, readMessage, switchIn } from './payload.ts'
import { meaningOf } from './properties.ts'

/**
 * Points of profiles by what the bridge's word is without one, where that is another: whether occupancy is movement, only the
 * device knows. What has no reading there is a word of the frame, and a switch or a number of the device.
 */
const BY_OTHER_NAME = { motion: 'occupancy', 'battery-voltage': 'voltage' } as const
const WORDS = {
  'battery-low': (properties: Properties) => switchIn(properties, 'battery_low'),
  test: (properties: Properties) => switchIn(properties, 'test'),
  'respiration-rate': (properties: Properties) => numberIn(properties, 'breathing_rate'),
} as const
const AS_TOLD = [
  'battery',
  'link-quality',
  'temperature',
  'humidity',
  'active-power',
  'active-energy',
  'current',
  'voltage',
  'illuminance',
  'presence',
  'contact',
  'smoke',
  'gas',
  'carbon-monoxide',
  'water-leak',
  'tamper',
] as const
export type ZigbeePoint = (typeof AS_TOLD)[number] | keyof typeof BY_OTHER_NAME | keyof typeof WORDS

/** What a device behind the bridge says, as its profile writes it. */
export interface ZigbeeDevice<Point extends ZigbeePoint, More extends string> {
  readonly points: readonly Point[]
  /** A button's words and what each is; null is a word without meaning for us. Any other word is another device's. */
  readonly actions?: Readonly<Record<string, EventType | null>>
  /** What no table can say: a status with more than two words. */
  readonly more?: (properties: Properties) => Partial<Record<More, Reading>>
  /** Presses that are properties. */
  readonly happened?: (properties: Properties) => readonly EventType[]
}

/**
 * A bridge repeats the whole state with each message, so whatever is declared from a property should be a level: an edge is
 * declared again with every battery report.
 * @throws DomainError `payload-malformed`
 */
export const zigbeeDevice =
  <Point extends ZigbeePoint, More extends string = never>(device: ZigbeeDevice<Point, More>) =>
  ({ topic, payload }: MqttMessage): Decoded<Point | More> => {
    const attribute = attributeIn(topic, payload)
    const message = attribute ? ({ is: 'state', properties: attribute } as const) : readMessage(topic, payload)
    const readings: Partial<Record<Point | More, Reading>> = {}
    switch (message.is) {
      case 'state': {
        const { properties } = message
        Object.assign(readings, device.more?.(properties), pointsIn(properties, device.points))
        const pressed = device.actions ? pressOf(device.actions, actionIn(properties)) : []
        return { readings, events: [...pressed, ...(device.happened?.(properties) ?? [])] }
      }
      // The same press again when the bridge is set to publish attributes too, and the only word of it when it is set to
      // publish nothing else. It is a press; two of one button within a second are one further on.
      case 'action':
        return { readings, events: device.actions ? pressOf(device.actions, message.action || undefined) : [] }
      case 'availability':
      case 'command':
        return { readings, events: [] }
      default:
        return assertNever(message)
    }
  }

/** One reading of each point that the message speaks of, as `decode --protocol` reads it. */
function pointsIn<Point extends ZigbeePoint>(properties: Properties, points: readonly Point[]) {
  const told = meaningOf(properties).readings
  const readings: Partial<Record<Point, Reading>> = {}
  for (const point of points) {
    const given = isWord(point) ? WORDS[point](properties) : told.find((item) => item.point === nameOf(point))?.reading
    if (given) readings[point] = given
  }
  return readings
}
const isWord = (point: ZigbeePoint): point is keyof typeof WORDS => Object.hasOwn(WORDS, point)
const nameOf = (point: ZigbeePoint): string =>
  Object.hasOwn(BY_OTHER_NAME, point) ? BY_OTHER_NAME[point as keyof typeof BY_OTHER_NAME] : point

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
