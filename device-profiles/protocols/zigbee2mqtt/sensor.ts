import { assertNever, type Reading } from '@anju/contract'
import type { DriverMessages } from '../../src/profile.ts'
import { numberIn, type Properties, readMessage, spokenOf, switchIn } from './payload.ts'

/** Which property of the bridge is which point: a number (so many of the property make one of ours) or a boolean. */
export type SensorRow =
  | { readonly key: string; readonly as: 'number'; readonly perUnit?: number }
  | { readonly key: string; readonly as: 'switch' }

export interface SensorState<Point extends string> {
  readonly readings: Partial<Record<Point, Reading>>
  /** The state's properties; none for availability, commands and actions as text. */
  readonly properties: Properties
}

/**
 * What a sensor's state says, by its table. A bridge repeats the whole state with each message, so whatever is declared from
 * it must be a level: an edge would be declared again with every battery report.
 * @throws DomainError `payload-malformed`
 */
export function readSensor<Point extends string>(
  { topic, payload }: DriverMessages['mqtt'],
  rows: Readonly<Record<Point, SensorRow>>,
): SensorState<Point> {
  const message = readMessage(topic, payload)
  switch (message.is) {
    case 'state': {
      const { properties } = message
      const given = {} as Record<Point, Reading | undefined>
      for (const point of Object.keys(rows) as Point[]) {
        const row = rows[point]
        given[point] = row.as === 'switch' ? switchIn(properties, row.key) : numberIn(properties, row.key, row.perUnit)
      }
      return { readings: spokenOf(given), properties }
    }
    case 'action':
    case 'availability':
    case 'command':
      return { readings: {}, properties: {} }
    default:
      return assertNever(message)
  }
}

/** A message of the bridge, as an example writes it. */
export const sensorSays =
  (name: string) =>
  (payload: string, retained = false): DriverMessages['mqtt'] => ({
    topic: `zigbee2mqtt/${name}`,
    payload: new TextEncoder().encode(payload),
    retained,
  })
