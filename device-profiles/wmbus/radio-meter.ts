import { hours } from '@anju/contract'

/** What the meters that wmbusmeters hears have in common on an installer's bench. */
export const radioMeter = {
  driver: 'mqtt',
  topic: 'wmbusmeters/NAME',
  // They send every minute or so; behind walls some telegrams are lost.
  supervision: { reportEvery: hours(1), lostAfter: hours(7) },
  wiring: ['A radio stick for 868 MHz on the gateway, and the meter with its key in wmbusmeters.'],
} as const
