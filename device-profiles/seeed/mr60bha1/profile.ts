import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { frame, heartbeat } from '../radar-5359.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'seeed/mr60bha1',
  name: '60 GHz breath and heart radar MR60BHA1',
  driver: 'radar-5359',
  serial: { baud: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['MR60BHA1', 'R60ABD1'],
  supervision: { reportEvery: seconds(60), lostAfter: seconds(200) },
  measures: {
    presence: { quantity: 'presence', name: 'Somebody is in bed' },
    motion: { quantity: 'motion', name: 'Somebody moves' },
    'body-movement': { quantity: 'body-movement', name: 'Body movement', keepEvery: seconds(60) },
    distance: { quantity: 'distance', name: 'Distance of the person', keepEvery: seconds(60) },
    'respiration-rate': { quantity: 'respiration-rate', name: 'Respiration rate', keepEvery: seconds(60) },
    'heart-rate': { quantity: 'heart-rate', name: 'Heart rate', keepEvery: seconds(60) },
  },
  events: {},
  walkTest: { do: 'Lie down in bed and keep still for two minutes.', proves: 'respiration-rate' },
  wiring: [
    'Over the head of the bed about 1 m above the mattress, tilted to the chest; 5 V and UART, crossed: TX to RX.',
    'It measures one person who keeps still within 1.5 m; a second person or a pet spoils it.',
  ],
  decode,
  examples: [
    { when: '65 beats a minute', input: frame(0x85, 0x02, 65), reads: { 'heart-rate': reading(65) } },
    { when: '15 breaths a minute', input: frame(0x81, 0x02, 15), reads: { 'respiration-rate': reading(15) } },
    // Nobody measured is not nobody breathing.
    { when: 'no heart found', input: frame(0x85, 0x02, 0), reads: { 'heart-rate': absent('not-reported') } },
    { when: 'no breath found', input: frame(0x81, 0x02, 0), reads: { 'respiration-rate': absent('not-reported') } },
    { when: 'a rate that was asked for', input: frame(0x81, 0x82, 16), reads: { 'respiration-rate': reading(16) } },
    { when: 'somebody is there', input: frame(0x80, 0x01, 1), reads: { presence: reading(1) } },
    { when: 'a presence that is neither', input: frame(0x80, 0x01, 9), reads: { presence: absent('invalid') } },
    { when: 'somebody moves', input: frame(0x80, 0x02, 2), reads: { motion: reading(1) } },
    { when: 'some movement', input: frame(0x80, 0x03, 3), reads: { 'body-movement': reading(3) } },
    { when: 'at 0.71 m', input: frame(0x80, 0x04, 0, 71), reads: { distance: reading(0.71) } },
    { when: 'nobody to measure', input: frame(0x80, 0x04, 0, 0), reads: { distance: absent('not-reported') } },
    { when: 'only a heartbeat', input: heartbeat, reads: {} },
    { when: 'the form of the breath', input: frame(0x81, 0x05, 128, 130, 133, 130, 126), reads: {} },
    { when: 'a stage of sleep', input: frame(0x84, 0x02, 1), reads: {} },
    { when: 'a distance of one byte', input: frame(0x80, 0x04, 71), fails: 'frame-malformed' },
    { when: 'a heart rate of two bytes', input: frame(0x85, 0x02, 65, 0), fails: 'frame-malformed' },
    { when: 'a control of no radar', input: frame(0x99, 0x01, 1), fails: 'frame-unknown' },
  ],
})
