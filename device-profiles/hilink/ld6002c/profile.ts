import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { floats, message, words } from '../tinyframe.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'hilink/ld6002c',
  name: '60 GHz fall radar LD6002C',
  driver: 'tinyframe-long',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['HLK-LD6002C'],
  supervision: { reportEvery: seconds(30), lostAfter: seconds(100) },
  measures: {
    fall: { quantity: 'fall', name: 'Somebody has fallen' },
    presence: { quantity: 'presence', name: 'Somebody is in a zone' },
    'zone-0': { quantity: 'presence', name: 'Somebody is in zone 0' },
    'zone-1': { quantity: 'presence', name: 'Somebody is in zone 1' },
    'zone-2': { quantity: 'presence', name: 'Somebody is in zone 2' },
    'zone-3': { quantity: 'presence', name: 'Somebody is in zone 3' },
    'target-distance': { quantity: 'distance', name: 'Distance of the nearest target', keepEvery: seconds(30) },
  },
  events: { 'fall-detected': { class: 'life', from: 'level', of: 'fall' } },
  walkTest: { do: 'Walk through the room, then lie down on the floor for a minute.', proves: 'fall-detected' },
  wiring: [
    'On the ceiling 2.2 to 3.0 m high, over the middle of the floor; 3.3 V at 1 A, UART crossed: TX to RX.',
    'Set height, threshold and the alarm area with the maker’s tool: left as it comes, it watches one square metre.',
  ],
  decode,
  examples: [
    { when: 'somebody fell', input: message(0x0e02, 1), reads: { fall: reading(1) } },
    // The person may have got up, or the radar lost them: the alarm stays a person's to close.
    { when: 'the fall flag goes back', input: message(0x0e02, 0), reads: { fall: reading(0) } },
    { when: 'a fall flag that is neither', input: message(0x0e02, 7), reads: { fall: absent('invalid') } },
    {
      when: 'somebody in zone 2',
      input: message(0x0a0a, ...words(0, 0, 1, 0)),
      reads: {
        presence: reading(1),
        'zone-0': reading(0),
        'zone-1': reading(0),
        'zone-2': reading(1),
        'zone-3': reading(0),
      },
    },
    {
      when: 'one target at 1.5 m',
      input: message(0x0a04, ...words(1), ...floats(0, 1.5, 0), ...words(0, 0)),
      reads: { 'target-distance': reading(1.5) },
    },
    {
      when: 'its parameters',
      input: message(0x0e06, ...floats(2.6, 0.6), ...words(10), ...floats(0.5, 0.5, 0.5, 0.5)),
      reads: {},
    },
    { when: 'the height of a target', input: message(0x0e0e, ...floats(0.8)), reads: {} },
    { when: 'a setting acknowledged', input: message(0x0e0a, 1), reads: {} },
    { when: 'a fall with a byte too many', input: message(0x0e02, 1, 1), fails: 'frame-malformed' },
    { when: 'three zones', input: message(0x0a0a, ...words(1, 1, 0)), fails: 'frame-malformed' },
    { when: 'a heart rate of another radar', input: message(0x0a15, ...floats(65)), fails: 'frame-unknown' },
  ],
})
