import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { decode } from './codec.ts'

const frame = (type: number, ...data: number[]) => ({ type, data: Uint8Array.from(data) })

export default defineProfile({
  id: 'seeed/mr60fda2',
  name: '60 GHz fall radar MR60FDA2',
  driver: 'tinyframe',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['MR60FDA2'],
  // Presence is repeated all the time; three silent half minutes mean the radar or its cable.
  supervision: { reportEvery: seconds(30), lostAfter: seconds(100) },
  measures: {
    presence: { quantity: 'presence', name: 'Somebody is in the room' },
    fall: { quantity: 'fall', name: 'Somebody has fallen' },
  },
  events: { 'fall-detected': { class: 'life', from: 'level', of: 'fall' } },
  walkTest: { do: 'Walk through the room, then lie down on the floor for a minute.', proves: 'fall-detected' },
  wiring: ['On the ceiling 2.2 to 3.0 m high, cable side towards the door; 3.3 V UART, crossed: TX to RX.'],
  decode,
  examples: [
    { when: 'somebody fell', input: frame(0x0e02, 1), reads: { fall: reading(1) } },
    // The person may have got up, or the radar lost them: the alarm stays a person's to close.
    { when: 'the fall flag goes back', input: frame(0x0e02, 0), reads: { fall: reading(0) } },
    { when: 'somebody is there', input: frame(0x0f09, 1), reads: { presence: reading(1) } },
    { when: 'nobody is there', input: frame(0x0f09, 0), reads: { presence: reading(0) } },
    { when: 'presence in two bytes', input: frame(0x0f09, 1, 0), reads: { presence: reading(1) } },
    { when: 'a fall flag that is neither', input: frame(0x0e02, 7), reads: { fall: absent('invalid') } },
    { when: 'a presence that is neither', input: frame(0x0f09, 0, 1), reads: { presence: absent('invalid') } },
    {
      when: 'its parameters',
      input: frame(0x0e06, 0x66, 0x66, 0x26, 0x40, 0x9a, 0x99, 0x99, 0x3e, 0x0f, 0, 0, 0),
      reads: {},
    },
    { when: 'a setting acknowledged', input: frame(0x0e0a, 1), reads: {} },
    { when: 'a fall without its flag', input: frame(0x0e02), fails: 'frame-malformed' },
    { when: 'a fall with a byte too many', input: frame(0x0e02, 1, 1), fails: 'frame-malformed' },
    { when: 'presence in three bytes', input: frame(0x0f09, 1, 0, 0), fails: 'frame-malformed' },
    { when: 'a breath report of another radar', input: frame(0x0a14, 0, 0, 0x80, 0x3f), fails: 'frame-unknown' },
  ],
})
