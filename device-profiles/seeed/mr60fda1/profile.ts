import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { frame, heartbeat } from '../radar-5359.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'seeed/mr60fda1',
  name: '60 GHz fall radar MR60FDA1',
  driver: 'radar-5359',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['MR60FDA1'],
  // A heartbeat every minute, whatever the room does; three missed ones and some grace mean the radar or its cable.
  supervision: { reportEvery: seconds(60), lostAfter: seconds(200) },
  measures: {
    presence: { quantity: 'presence', name: 'Somebody is in the room' },
    motion: { quantity: 'motion', name: 'Somebody moves' },
    'body-movement': { quantity: 'body-movement', name: 'Body movement', keepEvery: seconds(60) },
    fall: { quantity: 'fall', name: 'Somebody has fallen' },
  },
  events: { 'fall-detected': { class: 'life', from: 'level', of: 'fall' } },
  walkTest: { do: 'Walk through the room, then lie down on the floor for a minute.', proves: 'fall-detected' },
  wiring: [
    'On the ceiling 2.2 to 3.0 m high, over the middle of the floor; 5 V and UART, crossed: TX to RX.',
    'Switch the fall function on and set the height with the maker’s tool: the gateway only listens.',
  ],
  knownFaults: [
    {
      firmware: 'all',
      fault:
        'The fall flag goes back by itself, also while the person still lies there: the alarm stays open until somebody has looked.',
    },
  ],
  decode,
  examples: [
    { when: 'somebody fell', input: frame(0x83, 0x01, 1), reads: { fall: reading(1) } },
    // The person may have got up, or the radar lost them: the alarm stays a person's to close.
    { when: 'the fall flag goes back', input: frame(0x83, 0x01, 0), reads: { fall: reading(0) } },
    { when: 'a fall flag that is neither', input: frame(0x83, 0x01, 2), reads: { fall: absent('invalid') } },
    { when: 'the fall flag as an answer', input: frame(0x83, 0x81, 1), reads: { fall: reading(1) } },
    { when: 'somebody is there', input: frame(0x80, 0x01, 1), reads: { presence: reading(1) } },
    { when: 'nobody is there', input: frame(0x80, 0x01, 0), reads: { presence: reading(0) } },
    { when: 'somebody moves', input: frame(0x80, 0x02, 2), reads: { motion: reading(1) } },
    { when: 'somebody keeps still', input: frame(0x80, 0x02, 1), reads: { motion: reading(0) } },
    { when: 'a motion nobody knows', input: frame(0x80, 0x02, 3), reads: { motion: absent('invalid') } },
    { when: 'some movement', input: frame(0x80, 0x03, 6), reads: { 'body-movement': reading(6) } },
    { when: 'more than all movement', input: frame(0x80, 0x03, 101), reads: { 'body-movement': absent('invalid') } },
    { when: 'only a heartbeat', input: heartbeat, reads: {} },
    { when: 'somebody stays without moving', input: frame(0x83, 0x05, 1), reads: {} },
    { when: 'a fall without its flag', input: frame(0x83, 0x01), fails: 'frame-malformed' },
    { when: 'a fall with a byte too many', input: frame(0x83, 0x01, 1, 1), fails: 'frame-malformed' },
    { when: 'a control of no radar', input: frame(0x42, 0x01, 1), fails: 'frame-unknown' },
  ],
})
