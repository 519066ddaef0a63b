import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { floats, message, words } from '../tinyframe.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'hilink/ld6002b',
  name: '60 GHz presence radar LD6002B',
  driver: 'tinyframe-long',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['HLK-LD6002B-2D', 'HLK-LD6002B-3D'],
  // Zones are repeated all the time; three silent half minutes mean the radar or its cable.
  supervision: { reportEvery: seconds(30), lostAfter: seconds(100) },
  measures: {
    presence: { quantity: 'presence', name: 'Somebody is in a zone' },
    'zone-0': { quantity: 'presence', name: 'Somebody is in zone 0' },
    'zone-1': { quantity: 'presence', name: 'Somebody is in zone 1' },
    'zone-2': { quantity: 'presence', name: 'Somebody is in zone 2' },
    'zone-3': { quantity: 'presence', name: 'Somebody is in zone 3' },
    'target-distance': { quantity: 'distance', name: 'Distance of the nearest target', keepEvery: seconds(30) },
  },
  events: {},
  walkTest: { do: 'Leave the room for a minute, then come back and stand in each zone.', proves: 'presence' },
  wiring: [
    'On the ceiling or a wall, at most 3 m from where people are; 3.3 V at 1 A, UART crossed: TX to RX, pin P19 to ground.',
    'Set the zones, and keep the low power mode off, with the maker’s tool: asleep it says nothing, and is taken for dead.',
  ],
  decode,
  examples: [
    {
      when: 'somebody in zones 0, 1 and 3',
      input: message(0x0a0a, ...words(1, 1, 0, 1)),
      reads: {
        presence: reading(1),
        'zone-0': reading(1),
        'zone-1': reading(1),
        'zone-2': reading(0),
        'zone-3': reading(1),
      },
    },
    {
      when: 'nobody',
      input: message(0x0a0a, ...words(0, 0, 0, 0)),
      reads: {
        presence: reading(0),
        'zone-0': reading(0),
        'zone-1': reading(0),
        'zone-2': reading(0),
        'zone-3': reading(0),
      },
    },
    {
      when: 'a zone that cannot be read: whether the room is empty is open',
      input: message(0x0a0a, ...words(0, 7, 0, 0)),
      reads: {
        presence: absent('invalid'),
        'zone-0': reading(0),
        'zone-1': absent('invalid'),
        'zone-2': reading(0),
        'zone-3': reading(0),
      },
    },
    {
      when: 'two targets, the nearer at 2.24 m',
      input: message(0x0a04, ...words(2), ...floats(1, 2, 0), ...words(0, 0), ...floats(3, 3, 1), ...words(1, 1)),
      reads: { 'target-distance': reading(2.24) },
    },
    { when: 'no target', input: message(0x0a04, ...words(0)), reads: { 'target-distance': absent('not-reported') } },
    { when: 'a cloud of points', input: message(0x0a08, ...words(1, 1), ...floats(1, 2, 0.5, 0.1)), reads: {} },
    { when: 'its working mode', input: message(0x0a14, 1), reads: {} },
    { when: 'its hold delay', input: message(0x0a0d, ...words(30)), reads: {} },
    { when: 'three zones', input: message(0x0a0a, ...words(1, 1, 0)), fails: 'frame-malformed' },
    {
      when: 'a target fewer than announced',
      input: message(0x0a04, ...words(2), ...floats(1, 2, 0), ...words(0, 0)),
      fails: 'frame-malformed',
    },
    { when: 'a heart rate of another radar', input: message(0x0a15, ...floats(65)), fails: 'frame-unknown' },
    { when: 'a fall of another radar', input: message(0x0e02, 1), fails: 'frame-unknown' },
  ],
})
