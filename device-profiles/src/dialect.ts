import { assertNever, DomainError, type EventType, type Reading } from '@anju/contract'
import type { Decoded, DeviceOptions, MqttMessage } from './profile.ts'
import type { Protocol, ProtocolInput, Told } from './telling.ts'

/**
 * What a device of an MQTT dialect takes of what its dialect reads: the same codec that answers `decode --protocol` serves
 * the pipeline, and a profile only says which of its points and words are this device's.
 */
export interface Selection<Named extends string, Worded extends string> {
  /** Points by the dialect's own names. */
  readonly points: readonly Named[]
  /** What the dialect calls a point of this device, where the installation decides: a channel. */
  readonly nameOf?: (point: Named, options: DeviceOptions) => string
  /** Points that are words of the dialect until a model gives them their meaning. Undefined: not spoken of. */
  readonly words?: Readonly<Record<Worded, (told: Told, options: DeviceOptions) => Reading | undefined>>
  /** What happened. */
  readonly events?: (told: Told, options: DeviceOptions) => readonly EventType[]
  /** Behind a topic that several devices share: whether this message is of this one. */
  readonly isOurs?: (told: Told, options: DeviceOptions) => boolean
  /** See `Decoded.sequence`. */
  readonly sequence?: (told: Told) => Decoded['sequence']
}

/** @throws DomainError as the protocol refuses */
export function toldBy(protocol: Protocol, input: ProtocolInput): Told {
  const [telling] = protocol.read(input)
  switch (telling?.is) {
    case 'told':
      return telling
    case 'refused':
      throw new DomainError(telling.code, telling.why)
    case 'skipped':
    case undefined:
      throw new DomainError('payload-malformed', telling?.why ?? `nothing of ${protocol.name}`)
    default:
      return assertNever(telling)
  }
}

/** What the message says of this device. `speaks`: the device said it itself, so it lives, even if no point is spoken of. */
export function selected<Named extends string, Worded extends string>(
  selection: Selection<Named, Worded>,
  told: Told,
  { options, speaks }: { readonly options: DeviceOptions; readonly speaks: boolean },
): Decoded<Named | Worded> {
  const { points, nameOf, words, events, isOurs, sequence } = selection
  const readings: Partial<Record<Named | Worded, Reading>> = {}
  if (isOurs && !isOurs(told, options)) return { readings, events: [] }
  for (const point of points) {
    const name = nameOf ? nameOf(point, options) : point
    const given = told.readings.find((item) => item.point === name)?.reading
    if (given) readings[point] = given
  }
  for (const [point, read] of Object.entries(words ?? {}) as [Worded, (told: Told, o: DeviceOptions) => Reading][]) {
    const given = read(told, options)
    if (given) readings[point] = given
  }
  const guard = sequence?.(told)
  return {
    readings,
    events: events?.(told, options) ?? [],
    ...(speaks && { heartbeat: true }),
    ...(guard && { sequence: guard }),
  }
}

/** A bridge's word about a device (availability, a last will) and a command to it are not the device's own. */
export const saidByItself = ({ frame }: Told): boolean =>
  frame.availability === undefined && frame.direction !== 'command'

/** Devices of one protocol, each under a topic of its own. */
export const dialect =
  (protocol: Protocol) =>
  <Named extends string, Worded extends string = never>(selection: Selection<Named, Worded>) =>
  ({ topic, payload }: MqttMessage, options: DeviceOptions): Decoded<Named | Worded> => {
    const told = toldBy(protocol, { topic, bytes: payload })
    return selected(selection, told, { options, speaks: saidByItself(told) })
  }
