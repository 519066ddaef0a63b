import { hours, minutes, reading } from '@anju/contract'
import { LORAWAN_TOPIC, lorawanSays, uplinkOf } from '../../protocols/chirpstack-v4/device.ts'
import { MILESIGHT_PORT, milesightDevice } from '../../protocols/milesight-lorawan/device.ts'
import { anyOf } from '../../src/dialect-words.ts'
import { defineProfile } from '../../src/profile.ts'
import { suspicionOf } from './codec.ts'

const sends = uplinkOf('24e124798c141234', MILESIGHT_PORT)

export default defineProfile({
  id: 'milesight/vs373',
  name: 'Fall radar VS373 (LoRaWAN)',
  driver: 'mqtt',
  topic: LORAWAN_TOPIC,
  models: ['VS373', 'VS373-915M', 'VS373-868M'],
  supervision: { reportEvery: minutes(10), lostAfter: hours(1) },
  measures: {
    fall: { quantity: 'fall', name: 'Fall' },
    presence: { quantity: 'presence', name: 'Presence' },
    'respiration-rate': { quantity: 'respiration-rate', name: 'Breaths per minute' },
  },
  events: {
    'fall-detected': { class: 'life', from: 'level', of: 'fall' },
    // Somebody who lies still: the prompt asks first.
    'fall-suspected': { class: 'info', from: 'edge' },
  },
  walkTest: { do: 'Walk through the room, then lie down on the floor for two minutes.', proves: 'fall-detected' },
  wiring: [
    'On the ceiling 2.3 to 3 m high, mains powered; set room, bed and door in its app, or the bed counts as the floor.',
  ],
  knownFaults: [
    { firmware: '1.0.1', fault: 'Regions are 0 when occupied; since 1.0.2 they are 1, under another channel.' },
    { firmware: 'any', fault: 'Manual and decoder number a triggered alarm 0 and 1: either is taken for a fall.' },
  ],
  // The room's state and an alarm record may stand in one uplink; one that says fall is enough.
  decode: milesightDevice({
    points: ['presence', 'respiration-rate'],
    words: { fall: anyOf('fall') },
    events: suspicionOf,
  }),
  examples: [
    {
      when: 'a fall, as the state of the room',
      input: sends('03 F8 04 01 10 00 20 00'),
      reads: { fall: reading(1), presence: reading(1) },
    },
    {
      when: 'a fall, as a record beside a state that is behind',
      input: sends('03 F8 00 00 10 00 20 00 06 FB 07 00 00 01 00'),
      reads: { fall: reading(1), presence: reading(1) },
    },
    { when: 'a fall, numbered as in the manual', input: sends('06 FB 07 00 00 00 00'), reads: { fall: reading(1) } },
    {
      when: 'a fall, firmware 1.0.2',
      input: sends('07 B0 04 00 10 00 00 20 00 00'),
      reads: { fall: reading(1), presence: reading(1) },
    },
    { when: 'somebody ended the alarm on it', input: sends('06 FB 07 00 00 02 00'), reads: { fall: reading(0) } },
    {
      when: 'nobody there',
      input: sends('03 F8 01 00 10 00 20 00 04 F9 01 01 01 01'),
      reads: { fall: reading(0), presence: reading(0) },
    },
    { when: 'somebody lies still', input: sends('06 FB 08 00 01 01 01'), reads: {}, events: ['fall-suspected'] },
    { when: 'somebody lies on the floor', input: sends('06 FB 09 00 08 01 00'), reads: {}, events: ['fall-suspected'] },
    { when: 'who lay still moves again', input: sends('06 FB 08 00 01 02 01'), reads: {} },
    { when: 'a long time in the room', input: sends('06 FB 09 00 02 01 01'), reads: {} },
    { when: 'asleep', input: sends('08 B1 01 78 05'), reads: { 'respiration-rate': reading(14) } },
    {
      when: 'a state that is not known: neither raised nor cleared',
      input: sends('03 F8 09 00 10 00 20 00'),
      reads: {},
    },
    { when: 'a fall of the past, from its history', input: sends('20 CE 9E 74 46 63 07 00 00 01 00'), reads: {} },
    { when: 'it joins', input: lorawanSays('24e124798c141234')('join', {}), reads: {} },
    { when: 'cut off', input: sends('03 F8 04 01 10 00 20'), fails: 'frame-malformed' },
  ],
})
