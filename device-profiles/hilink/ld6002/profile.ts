import { absent, reading, seconds } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { floats, message, words } from '../tinyframe.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'hilink/ld6002',
  name: '60 GHz breath and heart radar LD6002',
  driver: 'tinyframe',
  serial: { baud: 1_382_400, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['HLK-LD6002'],
  // It speaks many times a second, also of nobody; three silent half minutes mean the radar or its cable.
  supervision: { reportEvery: seconds(30), lostAfter: seconds(100) },
  measures: {
    'respiration-rate': { quantity: 'respiration-rate', name: 'Respiration rate', keepEvery: seconds(60) },
    'heart-rate': { quantity: 'heart-rate', name: 'Heart rate', keepEvery: seconds(60) },
    distance: { quantity: 'distance', name: 'Distance of the person', keepEvery: seconds(60) },
  },
  events: {},
  walkTest: { do: 'Lie down in bed and keep still for two minutes.', proves: 'respiration-rate' },
  wiring: [
    'Within 1.5 m of the chest of one person who keeps still; 3.3 V at 1 A with little ripple, UART crossed: TX to RX.',
    'At 1382400 baud the cable must be short: put a converter beside the radar.',
  ],
  decode,
  examples: [
    {
      when: '14.76 breaths a minute',
      input: message(0x0a14, ...floats(14.76)),
      reads: { 'respiration-rate': reading(14.76) },
    },
    { when: '68.5 beats a minute', input: message(0x0a15, ...floats(68.5)), reads: { 'heart-rate': reading(68.5) } },
    // Nobody measured is not nobody breathing.
    {
      when: 'no breath found',
      input: message(0x0a14, ...floats(0)),
      reads: { 'respiration-rate': absent('not-reported') },
    },
    {
      when: 'a breath that is no number',
      input: message(0x0a14, ...floats(Number.NaN)),
      reads: { 'respiration-rate': absent('invalid') },
    },
    { when: 'at 0.711 m', input: message(0x0a16, ...words(1), ...floats(71.1)), reads: { distance: reading(0.711) } },
    {
      when: 'nobody in range',
      input: message(0x0a16, ...words(0), ...floats(71.1)),
      reads: { distance: absent('not-reported') },
    },
    { when: 'the phases', input: message(0x0a13, ...floats(1.2, 0.3, 0.05)), reads: {} },
    { when: 'its version', input: message(0xffff, 1, 1, 0, 3), reads: {} },
    { when: 'a breath cut off', input: message(0x0a14, 0, 0, 0x6c), fails: 'frame-malformed' },
    { when: 'a distance without its number', input: message(0x0a16, ...words(1)), fails: 'frame-malformed' },
    // One byte under this number is the working mode of an LD6002B.
    { when: 'a working mode of another radar', input: message(0x0a14, 1), fails: 'frame-malformed' },
    { when: 'a fall of another radar', input: message(0x0e02, 1), fails: 'frame-unknown' },
  ],
})
