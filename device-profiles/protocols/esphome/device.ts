import { absent, type Reading, reading } from '@anju/contract'
import { saidByItself, toldBy } from '../../src/dialect.ts'
import type { Decoded, DeviceOptions, MqttMessage, Option } from '../../src/profile.ts'
import { publishedOn } from '../../src/publication.ts'
import { esphome } from './tell.ts'

/** What an object is called is its owner's choice: the installer writes it, as the end of its topic. */
export const objectOption = (
  what: string,
  component: 'binary_sensor' | 'sensor' | 'switch',
  required = false,
): Option => ({
  name: `${what}, as in its topic: ${component}/object_id`,
  pattern: `${component}/[a-z0-9_-]{1,64}`,
  required,
})

interface ObjectRow {
  /** So many of the object's unit make one of ours. */
  readonly perUnit?: number
  /** ON is our 0: ESPHome's doors are ON when open. */
  readonly inverted?: boolean
}

/**
 * A node by the options that name its objects. Every state it tells is a sign of its life, whichever object it is of; its
 * `status` is a last will, and the lines it logs under `debug` are no states.
 */
export const esphomeDevice =
  <Point extends string>(objects: Readonly<Record<Point, ObjectRow>>) =>
  ({ topic, payload }: MqttMessage, options: DeviceOptions): Decoded<Point> => {
    const readings: Partial<Record<Point, Reading>> = {}
    if (topic.endsWith('/debug')) return { readings, events: [] }
    const told = toldBy(esphome, { topic, bytes: payload })
    if (!saidByItself(told)) return { readings, events: [] }
    const { component, object, state } = told.frame
    const said = `${String(component)}/${String(object)}`
    for (const [point, row] of Object.entries(objects) as [Point, ObjectRow][])
      if (options[point] === said) readings[point] = readingOf(state, row)
    return { readings, events: [], heartbeat: true }
  }

/** `nan` and an empty state are no value. */
function readingOf(state: unknown, { perUnit = 1, inverted = false }: ObjectRow): Reading {
  if (state === null) return absent('not-reported')
  if (typeof state === 'boolean') return reading(state !== inverted)
  return typeof state === 'number' ? reading(state / perUnit) : absent('invalid')
}

/** One state of a node, as an example writes it. */
export const stateOf =
  (node: string) =>
  (object: string, state: string): MqttMessage =>
    publishedOn(node)(state, { under: `${object}/state` })
