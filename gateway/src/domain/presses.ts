import { type Millis, seconds } from '@anju/contract'
import type { Delivery, Heard } from '../ports.ts'
import type { Press } from './memory.ts'

/** Presses of one device at least so far apart are separate; closer identical ones are one (radio repeats). */
export const pressesApart: Millis = seconds(1)
/**
 * A packet sent again within this time is the one we know. Not longer: packet ids start over at each connection of many
 * devices, so an old id may be a new press whose first try was lost; a doubled press is a second look, a lost one is a life.
 */
export const resentWithin: Millis = seconds(20)
const packetsKept = 64

export type PressVerdict =
  | { readonly is: 'press'; readonly press: Press }
  /** The same press once more; `press` remembers its packet. */
  | { readonly is: 'repeat'; readonly press: Press }

/**
 * Whether a press is a new one. The distance is measured from the last press that counted, not from the last repeat:
 * a button held down is pressed once a second, not never.
 */
export function judgePress(last: Press | undefined, heard: Heard, delivery: Delivery | undefined): PressVerdict {
  const known = last?.packets ?? []
  const same = delivery?.repeated && known.find(({ key }) => key === delivery.key)
  if (last && same && Math.abs(heard.at - same.at) < resentWithin) return { is: 'repeat', press: last }
  const packets = delivery ? [...known.slice(1 - packetsKept), { key: delivery.key, at: heard.at }] : known
  if (last && distance(last, heard) < pressesApart) return { is: 'repeat', press: { ...last, packets } }
  return { is: 'press', press: { at: heard.at, mono: heard.mono, packets } }
}

/** By the clock that never jumps where both were heard by this process. */
const distance = (last: Press, { at, mono }: Heard): number =>
  last.mono === undefined ? Math.abs(at - last.at) : mono - last.mono
