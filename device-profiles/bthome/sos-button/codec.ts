import type { EventType } from '@anju/contract'
import type { Told } from '../../src/telling.ts'

/** Any kind of press of any of its buttons; null is a button that was not touched. */
export const isPressed = ({ frame }: Told): readonly EventType[] =>
  Array.isArray(frame.buttons) && frame.buttons.some((press) => press !== null) ? ['sos-pressed'] : []
