import { absent, type EventType, formatInstant, instant, reading } from '@anju/contract'
import {
  type JsonObject,
  numberAt,
  objectAt,
  objectOf,
  switchReading,
  textAt,
  valueAt,
} from '../../src/json-payload.ts'
import { Readings, refusal, tellOne, told } from '../../src/tell-one.ts'

export type EventKind = 'presence' | 'fall' | 'sensitive_fall' | 'bed_exit'
/** An older public mapping has 1 for a fall: a profile may bring its own table. */
export const EVENT_KINDS: Readonly<Record<number, EventKind>> = {
  4: 'presence',
  5: 'fall',
  8: 'sensitive_fall',
  10: 'bed_exit',
}

/**
 * How far a fall has come. The device asks the person first; until it has confirmed the fall or is calling for help it is
 * suspected. What ends it ends the condition, never the alarm.
 */
const FALL_STAGES: Readonly<Record<string, 'suspected' | 'fallen' | 'over'>> = {
  fall_suspected: 'suspected',
  fall_detected: 'suspected',
  fall_confirmed: 'fallen',
  calling: 'fallen',
  on_call: 'fallen',
  finished: 'over',
  fall_exit: 'over',
  canceled: 'over',
}
/** A device that plays, learns or was told to be silent: told, and no alarm. */
const SUPPRESSED = ['isSimulated', 'isLearning', 'isSilent'] as const

export const vayyarCare = tellOne('vayyar-care', ({ topic, bytes }) => {
  const [, device = null, what = null] = /\/?devices\/([^/]+)\/(events|state)$/.exec(topic) ?? []
  const message = objectOf(bytes)
  if (what === 'state') return told({ device, state: textAt(message, 'status') ?? null })
  return tellEvent(device, message, EVENT_KINDS)
})

/** @throws DomainError `frame-unknown` when it is no event of this device */
export function tellEvent(device: string | null, message: JsonObject, kinds: Readonly<Record<number, EventKind>>) {
  const type = numberAt(message, 'type')
  const payload = objectAt(message, 'payload')
  if (type === undefined || !payload) throw refusal('not-this-protocol', 'type or payload: not there')
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined
  const readings = new Readings()
  const head = { device, type, kind: kind ?? null, time: timeOf(payload) }
  if (kind === 'presence') {
    readings.add('presence', 'presence', switchReading(payload, 'presenceDetected'))
    const targets = valueAt(payload, 'trackerTargets')
    return told({ ...head, targets: Array.isArray(targets) ? targets.length : null }, readings.list)
  }
  if (kind !== 'fall' && kind !== 'sensitive_fall') return told(head)
  const status = textAt(payload, 'status')?.toLowerCase().replaceAll(' ', '_')
  const stage = status !== undefined && Object.hasOwn(FALL_STAGES, status) ? FALL_STAGES[status] : undefined
  const suppressed = SUPPRESSED.filter((flag) => valueAt(payload, flag) === true)
  // A fall that is played is no fall of anybody: not even a reading.
  if (suppressed.length === 0) readings.add('fall', 'fall', stage ? reading(stage === 'fallen') : absent('invalid'))
  return told({ ...head, status: status ?? null, suppressed }, readings.list, eventsOf(stage, suppressed))
}

function eventsOf(stage: string | undefined, suppressed: readonly string[]): EventType[] {
  if (suppressed.length > 0) return suppressed.includes('isSimulated') ? ['test'] : []
  if (stage === 'suspected') return ['fall-suspected']
  if (stage === 'fallen') return ['fall-detected']
  return stage === 'over' ? ['fall-cleared'] : []
}

/** Milliseconds; 0 is a template's, or a clock that is not set. One fall keeps its time through all its messages. */
function timeOf(payload: JsonObject): string | null {
  const at = numberAt(payload, 'timestamp')
  return at !== undefined && at > 0 && at < 8.64e15 ? formatInstant(instant(at)) : null
}
