import { minutes, reading } from '@anju/contract'
import { defineProfile } from '../../src/profile.ts'
import { sealed, telegram, usbReceiver } from '../telegram.ts'
import { decode } from './codec.ts'

export default defineProfile({
  id: 'enocean/contact',
  name: 'EnOcean door and window contact (D5-00-01)',
  driver: 'esp3',
  serial: { baud: 57_600, dataBits: 8, parity: 'none', stopBits: 1 },
  models: ['D5-00-01', 'STM 320', 'STM 329'],
  // It repeats itself at least every half hour while it has light; three missed reports and some grace.
  supervision: { reportEvery: minutes(30), lostAfter: minutes(100) },
  measures: {
    contact: { quantity: 'contact', name: 'Contact' },
    'signal-strength': { quantity: 'signal-strength', name: 'Signal strength' },
  },
  events: {},
  walkTest: { do: 'Open the door and close it.', proves: 'contact' },
  wiring: [usbReceiver, 'Where daylight or a lamp reaches its cell for some hours a day.'],
  decode,
  examples: [
    { when: 'the door is shut', input: telegram(0xd5, '09'), reads: { contact: reading(1) } },
    { when: 'bit 0 at 0 is open', input: telegram(0xd5, '08'), reads: { contact: reading(0) } },
    {
      when: 'shut, heard at -54 dBm',
      input: telegram(0xd5, '09', { dbm: -54 }),
      reads: { contact: reading(1), 'signal-strength': reading(-84) },
    },
    { when: 'it asks to be taught in, which is no open door', input: telegram(0xd5, '00'), reads: {} },
    { when: 'a rocker', input: telegram(0xf6, '50'), fails: 'frame-unknown' },
    { when: 'sealed with a key', input: sealed, fails: 'frame-unknown' },
  ],
})
