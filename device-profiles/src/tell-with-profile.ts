import { DomainError, isEventType } from '@anju/contract'
import { decodeWith } from './decode-with.ts'
import { scanAll } from './frame-scanner.ts'
import type { Decoded, DeviceOptions } from './profile.ts'
import type { FileProfile } from './profile-file/file-profile.ts'
import { protocolByName } from './protocols.ts'
import type { AnyProfile } from './registry.ts'
import { type ProtocolInput, type Telling, tellScanned } from './telling.ts'
import { wireOf } from './wires.ts'

/** What a device of this profile would have said with these bytes: framing, codec and level events, as in the pipeline. */
export async function tellWithProfile(
  profile: AnyProfile | FileProfile,
  input: ProtocolInput,
  options: DeviceOptions = {},
): Promise<readonly Telling[]> {
  const { bytes, topic } = input
  const wire = wireOf(profile.driver)
  if (!wire) {
    const decodeLater = profile.decode as (message: unknown, options: DeviceOptions) => Decoded | Promise<Decoded>
    try {
      return [tell(profile, { topic }, await decodeLater({ topic, payload: bytes }, options))]
    } catch (error) {
      if (error instanceof DomainError) return [refused(error)]
      throw error
    }
  }
  const decode = profile.decode as (message: unknown, options: DeviceOptions) => Decoded
  return tellScanned(
    scanAll(wire.framing, bytes),
    (frame) =>
      attempt(() => {
        const message = wire.messageOf(frame)
        return tell(profile, wire.words(frame), message === undefined ? undefined : decode(message, options))
      }),
    whyNothing(wire.protocol, input),
  )
}

/** The protocol itself knows best what else the bytes may be. */
function whyNothing(protocol: string, input: ProtocolInput): string {
  const [first] = protocolByName(protocol)?.read(input) ?? []
  return first?.is === 'refused' ? first.why : `no ${protocol} frame in ${input.bytes.length} bytes`
}

function attempt(read: () => Telling): Telling {
  const done = decodeWith(read, undefined)
  return done.ok ? done.value : refused(done.error)
}

const refused = ({ code, message }: DomainError): Telling => ({
  is: 'refused',
  code,
  reason: 'malformed',
  why: message,
})

function tell(
  profile: AnyProfile | FileProfile,
  frame: Readonly<Record<string, unknown>>,
  decoded: Decoded | undefined,
): Telling {
  const readings = Object.entries(decoded?.readings ?? {}).flatMap(([point, reading]) => {
    const measure = profile.measures[point]
    return measure && reading ? [{ point, quantity: measure.quantity, reading }] : []
  })
  const raised = Object.entries(profile.events).flatMap(([type, rule]) => {
    if (rule.from !== 'level' && rule.from !== 'below') return []
    const reading = readings.find(({ point }) => point === rule.of)?.reading
    if (reading?.is !== 'value' || !isEventType(type)) return []
    return (rule.from === 'level' ? reading.value === 1 : reading.value <= rule.raiseAt) ? [type] : []
  })
  return { is: 'told', frame, readings, events: [...(decoded?.events ?? []), ...raised] }
}
