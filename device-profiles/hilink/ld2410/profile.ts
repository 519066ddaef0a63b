import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { decode } from './codec.ts'

const basic = (...target: number[]) => ({ mode: 'basic', target: Uint8Array.from(target) }) as const
const engineering = (...target: number[]) => ({ mode: 'engineering', target: Uint8Array.from(target) }) as const
const gates = Array.from({ length: 20 }, (_, gate) => gate)

export default defineProfile({
  id: 'hilink/ld2410',
  name: '24 GHz presence radar LD2410',
  driver: 'ld2410',
  serial: { baud: 256_000, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['HLK-LD2410', 'HLK-LD2410B', 'HLK-LD2410C'],
  // It speaks ten times a second; three silent half minutes mean the radar or its cable.
  supervision: { reportEvery: seconds(30), lostAfter: seconds(100) },
  measures: {
    presence: { quantity: 'presence', name: 'Somebody is in the room' },
    motion: { quantity: 'motion', name: 'Somebody moves' },
  },
  events: {},
  walkTest: { do: 'Leave the room for a minute, then come back in.', proves: 'presence' },
  wiring: [
    'On a wall or the ceiling, away from fans and curtains; 5 V, UART at 3.3 V, crossed: TX to RX.',
    'Gates and sensitivities are set with the maker’s app: the gateway only listens.',
  ],
  decode,
  examples: [
    {
      when: 'somebody keeps still, as the maker prints it',
      input: basic(0x02, 0x51, 0x00, 0x00, 0x00, 0x00, 0x3b, 0x00, 0x00),
      reads: { presence: reading(1), motion: reading(0) },
    },
    {
      when: 'nobody, with an energy of 55 all the same',
      input: basic(0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x37, 0x00, 0x00),
      reads: { presence: reading(0), motion: reading(0) },
    },
    {
      when: 'somebody moves',
      input: basic(0x01, 0x46, 0x00, 0x34, 0x00, 0x00, 0x00, 0x00, 0x00),
      reads: { presence: reading(1), motion: reading(1) },
    },
    {
      when: 'moving and still, in engineering mode',
      input: engineering(0x03, 0x46, 0x00, 0x34, 0x00, 0x00, 0x3c, 0x00, 0x00, ...gates),
      reads: { presence: reading(1), motion: reading(1) },
    },
    {
      when: 'it measures its background noise',
      input: basic(0x05, 0x46, 0x00, 0x34, 0x00, 0x00, 0x3c, 0x00, 0x00),
      reads: { presence: absent('warming-up'), motion: absent('warming-up') },
    },
    {
      when: 'a state nobody knows',
      input: basic(0x07, 0x46, 0x00, 0x34, 0x00, 0x00, 0x3c, 0x00, 0x00),
      reads: { presence: absent('invalid'), motion: absent('invalid') },
    },
    { when: 'a target cut off', input: basic(0x02, 0x51, 0x00), fails: 'frame-malformed' },
    { when: 'a byte too many', input: basic(0x02, 0x51, 0, 0, 0, 0, 0x3b, 0, 0, 1), fails: 'frame-malformed' },
    { when: 'no target at all', input: engineering(), fails: 'frame-malformed' },
  ],
})
