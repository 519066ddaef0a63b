import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { frame, heartbeat } from '../radar-5359.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'seeed/mr24hpc1',
  name: '24 GHz presence radar MR24HPC1',
  driver: 'radar-5359',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['MR24HPC1'],
  supervision: { reportEvery: seconds(60), lostAfter: seconds(200) },
  measures: {
    presence: { quantity: 'presence', name: 'Somebody is in the room' },
    motion: { quantity: 'motion', name: 'Somebody moves' },
    'body-movement': { quantity: 'body-movement', name: 'Body movement', keepEvery: seconds(60) },
  },
  events: {},
  walkTest: { do: 'Leave the room for two minutes, then come back in.', proves: 'presence' },
  wiring: [
    'On a wall 1.0 to 1.5 m high or on the ceiling, away from fans and curtains; 5 V and UART, crossed: TX to RX.',
    'The scene (bedroom, bathroom, living room) is set with the maker’s tool: the gateway only listens.',
  ],
  decode,
  examples: [
    { when: 'somebody is there', input: frame(0x80, 0x01, 1), reads: { presence: reading(1) } },
    { when: 'nobody is there', input: frame(0x80, 0x01, 0), reads: { presence: reading(0) } },
    { when: 'a presence that is neither', input: frame(0x80, 0x01, 2), reads: { presence: absent('invalid') } },
    { when: 'somebody moves', input: frame(0x80, 0x02, 2), reads: { motion: reading(1) } },
    { when: 'nobody moves', input: frame(0x80, 0x02, 0), reads: { motion: reading(0) } },
    { when: 'a motion nobody knows', input: frame(0x80, 0x02, 3), reads: { motion: absent('invalid') } },
    { when: 'some movement', input: frame(0x80, 0x03, 3), reads: { 'body-movement': reading(3) } },
    { when: 'only a heartbeat', input: heartbeat, reads: {} },
    { when: 'somebody comes nearer', input: frame(0x80, 0x0b, 1), reads: {} },
    { when: 'values of its open functions', input: frame(0x08, 0x01, 10, 2, 20, 3, 1), reads: {} },
    { when: 'a fall, which this radar cannot see', input: frame(0x83, 0x01, 1), reads: {} },
    { when: 'a presence cut off', input: frame(0x80, 0x01), fails: 'frame-malformed' },
    { when: 'a control of no radar', input: frame(0x00, 0x01, 1), fails: 'frame-unknown' },
  ],
})
