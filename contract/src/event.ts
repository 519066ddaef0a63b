export const EVENT_CLASSES = ['life', 'hazard', 'technical', 'info'] as const
/** `life` and `hazard` need a person; `technical` has a queue of its own; `info` is a record only. */
export type EventClass = (typeof EVENT_CLASSES)[number]

/** The closed table of what we declare ourselves. A type that a newer gateway sends and we do not know is still an alarm of its class. */
export const EVENT_TYPES = {
  'sos-pressed': 'life',
  'fall-detected': 'life',
  'long-lie': 'life',
  'no-activity': 'life',
  smoke: 'hazard',
  'gas-leak': 'hazard',
  'carbon-monoxide': 'hazard',
  'water-leak': 'hazard',
  'temperature-low': 'hazard',
  'mains-lost': 'technical',
  'battery-low': 'technical',
  tamper: 'technical',
  'device-silent': 'technical',
  'device-fault': 'technical',
  'gateway-silent': 'technical',
  'radio-jammed': 'technical',
  'cannot-tell': 'technical',
  'line-down': 'technical',
  'button-stuck': 'technical',
  chattering: 'technical',
  'event-refused': 'technical',
  'store-full': 'technical',
  'clock-unsynced': 'technical',
  'heartbeat-late': 'technical',
  /** Many homes of one area that lost the same thing at once; said by the centre, never by a gateway. */
  outage: 'technical',
  'escalation-late': 'technical',
  /** For some of the next hours nobody of a centre can be reached. */
  'nobody-on-duty': 'technical',
  test: 'info',
  'fall-suspected': 'info',
  'silence-suspected': 'info',
  'mode-changed': 'info',
  'device-restored': 'info',
  'fall-cleared': 'info',
} as const satisfies Record<string, EventClass>
export type EventType = keyof typeof EVENT_TYPES

export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENT_TYPES, text)
export const classOf = (type: EventType): EventClass => EVENT_TYPES[type]

/** Rank in every queue: life first. */
export const CLASS_RANK: Readonly<Record<EventClass, number>> = { life: 0, hazard: 1, technical: 2, info: 3 }

/**
 * What an event says of a condition. `raised`: it holds from now on (or happened, for a press). `returned`: it holds no more,
 * which ends the condition and never the handling.
 */
export type EventPhase = 'raised' | 'returned'

export const LANES = ['life', 'technical', 'telemetry'] as const
/** The outbox lanes: life carries life and hazard; technical carries technical and info. */
export type Lane = (typeof LANES)[number]
export const laneOf = (eventClass: EventClass): Exclude<Lane, 'telemetry'> =>
  eventClass === 'life' || eventClass === 'hazard' ? 'life' : 'technical'

/** The acknowledgement ladder; each rung is an instant once reached. */
export const RUNGS = ['L0', 'L1', 'L2', 'L3', 'L4', 'L5', 'L6'] as const
export type Rung = (typeof RUNGS)[number]
