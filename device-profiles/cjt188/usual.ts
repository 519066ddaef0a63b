import { minutes } from '@anju/contract'
import type { SerialSettings } from '../src/wire.ts'

/** What all CJ/T 188 meters have in common on an installer's bench. */
export const factory: SerialSettings = { baud: 2_400, dataBits: 8, parity: 'even', stopBits: 1 }

/** A leak is flow in every half hour, so a half hour needs two readings; a battery meter should not be asked more often. */
export const pollEvery = minutes(10)
export const supervision = { reportEvery: pollEvery, lostAfter: minutes(35) }

export const wiring = [
  'RS-485 A to A and B to B, or M-Bus behind a level converter; the factory speed is 2400 8E1.',
  'The address is the 14 digits on the dial; a meter with fewer has zeros before them.',
] as const

export const knownFaults = [
  { firmware: 'some', fault: 'sends a clock of zeros or FF: its time is no time of ours' },
  { firmware: 'some', fault: 'arranges its status bits otherwise: the option status-bits says how' },
  { firmware: 'some', fault: 'knows the identifier only as 90 1F: every read then costs a second question' },
] as const
