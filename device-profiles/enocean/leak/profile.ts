import { absent, hours, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { sealed, telegram, usbReceiver } from '../telegram.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'enocean/leak',
  name: 'EnOcean water detector (F6-05-01)',
  driver: 'esp3',
  serial: { baud: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['F6-05-01'],
  // Most live of the water that lifts them, and say nothing while it is dry.
  supervision: { reportEvery: hours(24), lostAfter: hours(72) },
  measures: {
    'water-leak': { quantity: 'water-leak', name: 'Water leak' },
    'signal-strength': { quantity: 'signal-strength', name: 'Signal strength' },
  },
  events: { 'water-leak': { class: 'hazard', from: 'level', of: 'water-leak' } },
  walkTest: { do: 'Stand it in a saucer of water for a minute, then dry it.', proves: 'water-leak' },
  wiring: [usbReceiver, 'On the floor at its lowest place, beside the washing machine or under the sink.'],
  decode,
  examples: [
    { when: 'it stands in water', input: telegram(0xf6, '11'), reads: { 'water-leak': reading(1) } },
    { when: 'it is dry again', input: telegram(0xf6, '00'), reads: { 'water-leak': reading(0) } },
    { when: 'a word that is neither', input: telegram(0xf6, '42'), reads: { 'water-leak': absent('invalid') } },
    {
      when: 'in water, heard at -80 dBm',
      input: telegram(0xf6, '11', { dbm: -80 }),
      reads: { 'water-leak': reading(1), 'signal-strength': reading(-110) },
    },
    { when: 'a contact', input: telegram(0xd5, '09'), fails: 'frame-unknown' },
    { when: 'sealed with a key', input: sealed, fails: 'frame-unknown' },
  ],
})
