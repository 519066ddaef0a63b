import type { Instant } from '@anju/contract'

/** What a device said that was not taken at its word. An installer finds it explained in `doctor` and on the local page. */
export const ODDITIES = {
  'press-retained':
    'a press that a broker had kept came with the connection of its sender: it is an old one, or one made while the sender was away, so somebody is asked',
  'fall-retained':
    'a fall that a broker had kept came with the connection of its sender: it may be an old one, so somebody is asked, and what is now the next message tells',
  'press-announced':
    'a press came within two seconds of the device coming back to its network: it may be an old one said again, so somebody is asked',
  'message-replayed':
    'a message was not newer than one already heard: recorded and sent again, or the device began to count anew',
  'count-restarted': 'the device counts its messages anew (its battery was changed): it is believed again',
  'register-back': 'a register stepped back: passed over until the next reading tells whether the meter was replaced',
  'register-jumped': 'a register grew faster than any home can use: passed over until the next reading confirms it',
  'register-replaced': 'a register went on from another value: the meter was replaced',
  chattering:
    'a switch turned more than twenty times a minute: loose contact or wet sensor; taken for unknown until it is calm',
} as const
export type OddityKind = keyof typeof ODDITIES

export interface Oddity {
  readonly kind: OddityKind
  /** What it was about: a point or an event. */
  readonly of: string
  readonly times: number
  readonly firstAt: Instant
  readonly lastAt: Instant
}

/** Of one device; the oldest is forgotten first. */
const odditiesMax = 16

/** One more of its kind: counted where it is known, so that a device that babbles cannot push out what another day told. */
export function noting(known: readonly Oddity[], kind: OddityKind, of: string, at: Instant): readonly Oddity[] {
  const before = known.find((one) => one.kind === kind && one.of === of)
  const noted: Oddity = { kind, of, times: (before?.times ?? 0) + 1, firstAt: before?.firstAt ?? at, lastAt: at }
  return [...known.filter((one) => one !== before), noted].slice(-odditiesMax)
}
